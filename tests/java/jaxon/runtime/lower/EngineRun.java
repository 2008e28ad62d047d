package jaxon.runtime.lower;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import jaxon.graph.Graph;
import jaxon.graph.type.Literal;
import jaxon.runtime.Backends;
import jaxon.runtime.Buffer;
import jaxon.runtime.CompileOptions;
import jaxon.runtime.Executable;

/// Runs graphs on an engine and checks that nothing is left behind.
final class EngineRun {
  /// The engines whose results are compared with the interpreter's, by name.
  static final List<String> ENGINES = List.of("cpu", "nd4j");

  private EngineRun() {}

  /// Opens an engine.
  static HostBackend open(String engine) {
    return (HostBackend) Backends.open(engine);
  }

  /// The results of `graph` after the compile pipeline.
  static List<Literal> compiled(String engine, Graph graph, List<Literal> inputs) {
    try (HostBackend backend = open(engine);
        Executable executable = backend.compile(graph, CompileOptions.DEFAULT)) {
      return run(backend, executable, inputs);
    }
  }

  /// The results of `graph` as it is, with no pass before lowering, and all inputs donated.
  static List<Literal> plain(String engine, Graph graph, List<Literal> inputs) {
    CompileOptions options = CompileOptions.DEFAULT.donateFirst(inputs.size());
    try (HostBackend backend = open(engine);
        Executable executable = backend.load(graph, options)) {
      return run(backend, executable, inputs);
    }
  }

  /// Runs twice, with other memory the second time; both runs must give the same bits.
  static List<Literal> run(HostBackend backend, Executable executable, List<Literal> inputs) {
    List<Literal> first = once(backend, executable, inputs);
    try (Buffer _ =
        backend.put(Literal.ofFloats(new float[16], 16), backend.devices().getFirst())) {
      List<Literal> second = once(backend, executable, inputs);
      assertThat(Arrays.deepEquals(bits(first), bits(second)))
          .as("two runs of one program give the same bits")
          .isTrue();
    }
    assertThat(backend.liveBuffers()).as("buffers left open").isZero();
    assertThat(backend.liveBytes()).as("bytes left in use").isZero();
    return first;
  }

  private static Object[] bits(List<Literal> literals) {
    return literals.stream().map(Literal::toStorage).toArray();
  }

  private static List<Literal> once(
      HostBackend backend, Executable executable, List<Literal> inputs) {
    List<Buffer> buffers = new ArrayList<>();
    inputs.forEach(input -> buffers.add(backend.put(input, backend.devices().getFirst())));
    List<Buffer> results = executable.execute(buffers);
    List<Literal> literals = results.stream().map(Buffer::toLiteral).toList();
    buffers.forEach(Buffer::close);
    results.forEach(Buffer::close);
    return literals;
  }
}
