package jaxon.runtime.cpu.dnnl;

import java.lang.System.Logger;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/// Who multiplies matrices: oneDNN, or plain Java where oneDNN is not there.
///
/// The native one exists once per process and keeps the kernels it has compiled, by shape.
public final class Dnnl {
  private static final Logger LOG = System.getLogger(Dnnl.class.getName());
  private static final Dnnl JAVA = new Dnnl(false);

  /// Loads the library when it is first asked for, once.
  private static final class Native {
    private static final Optional<String> REASON = load();
    private static final Dnnl INSTANCE = new Dnnl(REASON.isEmpty());

    private static Optional<String> load() {
      try {
        LOG.log(Logger.Level.DEBUG, "oneDNN {0}", DnnlApi.version());
        return Optional.empty();
      } catch (ExceptionInInitializerError e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        LOG.log(
            Logger.Level.WARNING,
            "{0}. Matrix products run in plain Java, which is much slower, most of all in bf16",
            cause.getMessage());
        return Optional.of(String.valueOf(cause.getMessage()));
      }
    }
  }

  private final boolean isNative;
  private final ConcurrentMap<MatmulPrimitive.Key, MatmulPrimitive> primitives =
      new ConcurrentHashMap<>();

  private Dnnl(boolean isNative) {
    this.isNative = isNative;
  }

  /// Whether oneDNN can be used in this process.
  public static boolean isAvailable() {
    return Native.REASON.isEmpty();
  }

  /// Why oneDNN cannot be used, or nothing.
  public static Optional<String> reason() {
    return Native.REASON;
  }

  /// oneDNN if it is available, otherwise plain Java; warns once if it is not.
  public static Dnnl get() {
    return Native.INSTANCE;
  }

  /// Plain Java, whatever is available.
  public static Dnnl java() {
    return JAVA;
  }

  /// Whether products prepared with this run in oneDNN.
  public boolean isNative() {
    return isNative;
  }

  /// What multiplies, with its version, for logs and reports.
  public String description() {
    return isNative ? "oneDNN " + DnnlApi.version() : "Java Vector API";
  }

  /// Bytes of scratch memory that the threads of this process hold for products.
  public static long threadBytes() {
    return ThreadScratch.heldBytes();
  }

  /// The compiled kernel of `key`.
  ///
  /// @throws UnsupportedOperationException if oneDNN has none
  MatmulPrimitive primitive(MatmulPrimitive.Key key) {
    return primitives.computeIfAbsent(key, MatmulPrimitive::compile);
  }
}
