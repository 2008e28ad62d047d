package jaxon.cli;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jaxon.runtime.Backends;

/// The command lines of contestants: a JVM each, with the flags of this one.
///
/// @param config name of the configuration
/// @param overrides its overrides
/// @param weights file of the initial weights, for programs that cannot draw them
record PeerCommand(String config, List<String> overrides, Path weights) {
  private static final String PYTORCH = "pytorch";
  private static final List<Path> JEMALLOC_PLACES =
      List.of(Path.of("/usr/lib/x86_64-linux-gnu"), Path.of("/usr/lib64"), Path.of("/usr/lib"));

  /// Whether the contestant is another program, rather than this engine.
  static boolean isForeign(String name) {
    return name.equals(PYTORCH) || name.startsWith(PYTORCH + ":");
  }

  /// Which of the ways of the other program a contestant names; empty for none in particular.
  static String variant(String name) {
    return name.equals(PYTORCH) ? "" : name.substring(PYTORCH.length() + 1);
  }

  /// The command of a contestant.
  ///
  /// @throws IllegalArgumentException if there is none of that name, or it is not built
  ProcessBuilder of(String name) throws IOException {
    if (isForeign(name)) {
      return pytorch(variant(name));
    }
    if (!Backends.names().contains(name)) {
      throw new IllegalArgumentException(
          "there is no contestant '%s'; there are %s, and pytorch:VARIANT"
              .formatted(name, Backends.names()));
    }
    List<String> command = JvmCommand.of(System.getProperty("java.class.path"));
    command.addAll(List.of(Jaxon.class.getName(), "bench", "contestant", "--config=" + config));
    command.addAll(overrides);
    command.add("hardware=" + name);
    return new ProcessBuilder(command);
  }

  private ProcessBuilder pytorch(String variant) throws IOException {
    List<String> arguments = new ArrayList<>(List.of(variant, weights.toString(), config));
    arguments.addAll(overrides);
    return pytorch("jaxon.peers.PyTorch", arguments);
  }

  /// A program of the module `benchmarks/peers`, in the environment that suits PyTorch.
  ///
  /// @throws IllegalArgumentException if the module is not built
  ProcessBuilder pytorch(String mainClass, List<String> arguments) throws IOException {
    Path target = Installation.home().resolve("benchmarks/peers/target");
    Path classpath = target.resolve("classpath");
    if (!Files.exists(classpath)) {
      throw new IllegalArgumentException(
          "the contestant pytorch is not built; run: mvn -Ppeers -pl benchmarks/peers -am -DskipTests package");
    }
    List<String> command =
        JvmCommand.of(
            target.resolve("classes") + File.pathSeparator + Files.readString(classpath).strip());
    command.add(mainClass);
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    tune(builder.environment());
    return builder;
  }

  /// What makes PyTorch fast: the best kernels of OpenBLAS, and an allocator that keeps freed
  /// memory in huge pages instead of giving it back to the system.
  private static void tune(Map<String, String> environment) {
    environment.putIfAbsent("OPENBLAS_CORETYPE", "SkylakeX");
    Optional<Path> jemalloc = jemalloc();
    if (jemalloc.isPresent()) {
      environment.putIfAbsent("LD_PRELOAD", jemalloc.get().toString());
      environment.putIfAbsent(
          "MALLOC_CONF", "thp:always,metadata_thp:auto,dirty_decay_ms:-1,muzzy_decay_ms:-1");
    }
  }

  private static Optional<Path> jemalloc() {
    String chosen = System.getenv("BENCH_JEMALLOC");
    if (chosen != null) {
      return chosen.isEmpty() ? Optional.empty() : Optional.of(Path.of(chosen));
    }
    for (Path place : JEMALLOC_PLACES) {
      Path library = place.resolve("libjemalloc.so.2");
      if (Files.exists(library)) {
        return Optional.of(library);
      }
    }
    return Optional.empty();
  }
}
