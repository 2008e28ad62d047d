package jaxon.nd4j;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;

/// Loads ND4J's native library once per process, with the environment that makes it fast.
///
/// OpenBLAS and libgomp read their settings when they are loaded, so these are put into the
/// process's environment before, unless the user has set them:
///
/// * `OPENBLAS_CORETYPE=SkylakeX` where the CPU has AVX-512: OpenBLAS 0.3.19 mistakes newer CPUs
///   for old ones and chooses slow kernels.
/// * `OMP_WAIT_POLICY=passive`: ND4J's loops and OpenBLAS have a thread pool each, and spinning
///   threads of one steal the cores of the other.
final class Natives {
  private static final Logger LOG = System.getLogger(Natives.class.getName());

  /// JavaCPP's property for the flavour of a native library; `-` is the plain one.
  private static final String EXTENSION = "org.bytedeco.javacpp.platform.extension";

  private Natives() {}

  /// ND4J's entry points; throws [IllegalStateException] saying what is missing when it cannot run
  /// here.
  static NativeOps load() {
    if (System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("linux")) {
      prepareEnvironment();
    }
    String engine = engineName();
    if (!engine.equals("CpuBackend")) {
      throw new IllegalStateException(
          "nd4j found the engine "
              + engine
              + ", whose arrays live outside host memory; only the CPU engine is supported: take"
              + " nd4j-cuda off the class path");
    }
    LOG.log(Logger.Level.DEBUG, "ND4J with OpenBLAS core {0}", OpenBlas.coreName());
    return NativeOpsHolder.getInstance().getDeviceNativeOps();
  }

  /// The class that ND4J chose; its static initializer loads the native library.
  private static String engineName() {
    try {
      return Nd4j.getBackend().getClass().getSimpleName();
    } catch (LinkageError | RuntimeException e) {
      String platform = System.getProperty("os.name") + "-" + System.getProperty("os.arch");
      throw new IllegalStateException(
          "nd4j has no native library for " + platform + "; use hardware=interpreter", e);
    }
  }

  private static void prepareEnvironment() {
    setDefault("OMP_WAIT_POLICY", "passive");
    if (hasAvx512()) {
      setDefault("OPENBLAS_CORETYPE", "SkylakeX");
    } else if (System.getProperty(EXTENSION) == null) {
      System.setProperty(EXTENSION, "-");
    }
  }

  private static boolean hasAvx512() {
    try {
      String flags = Files.readString(Path.of("/proc/cpuinfo"), StandardCharsets.ISO_8859_1);
      return flags.contains("avx512f") && flags.contains("avx512vl");
    } catch (IOException e) {
      LOG.log(Logger.Level.DEBUG, "no /proc/cpuinfo: assuming no AVX-512", e);
      return false;
    }
  }

  /// Sets a variable of the C library's environment; Java's own copy stays as it is.
  @SuppressWarnings("restricted") // setenv is called before any other thread of native code runs
  private static void setDefault(String name, String value) {
    if (System.getenv(name) != null) {
      return;
    }
    Linker linker = Linker.nativeLinker();
    MethodHandle setenv =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("setenv"),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS,
                ValueLayout.ADDRESS,
                ValueLayout.JAVA_INT));
    try (Arena arena = Arena.ofConfined()) {
      int failed = (int) setenv.invoke(arena.allocateFrom(name), arena.allocateFrom(value), 0);
      LOG.log(Logger.Level.DEBUG, "setenv {0}={1}: {2}", name, value, failed);
    } catch (Throwable e) {
      throw new IllegalStateException("cannot set " + name, e);
    }
  }
}
