package jaxon.nd4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import jaxon.graph.Graph;
import jaxon.graph.type.Literal;
import jaxon.runtime.Buffer;
import jaxon.runtime.CompileOptions;
import jaxon.runtime.Executable;

/// Runs graphs on the nd4j backend and checks that nothing is left behind.
final class Nd4jRun {
  private Nd4jRun() {}

  /// The results of `graph` after the compile pipeline.
  static List<Literal> compiled(Graph graph, List<Literal> inputs) {
    try (Nd4jBackend backend = new Nd4jBackend();
        Executable executable = backend.compile(graph, CompileOptions.DEFAULT)) {
      return run(backend, executable, inputs);
    }
  }

  /// The results of `graph` as it is, with no pass before lowering, and all inputs donated.
  static List<Literal> plain(Graph graph, List<Literal> inputs) {
    SortedSet<Integer> donated = new TreeSet<>();
    for (int i = 0; i < inputs.size(); i++) {
      donated.add(i);
    }
    try (Nd4jBackend backend = new Nd4jBackend();
        Executable executable = backend.load(Lowering.lower(graph, donated), donated)) {
      return run(backend, executable, inputs);
    }
  }

  /// Runs twice, with other memory the second time; both runs must give the same bits.
  static List<Literal> run(Nd4jBackend backend, Executable executable, List<Literal> inputs) {
    List<Literal> first = once(backend, executable, inputs);
    try (Buffer _ = backend.put(Literal.ofFloats(new float[16], 16), Nd4jBackend.DEVICE)) {
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
      Nd4jBackend backend, Executable executable, List<Literal> inputs) {
    List<Buffer> buffers = new ArrayList<>();
    inputs.forEach(input -> buffers.add(backend.put(input, Nd4jBackend.DEVICE)));
    List<Buffer> results = executable.execute(buffers);
    List<Literal> literals = results.stream().map(Buffer::toLiteral).toList();
    buffers.forEach(Buffer::close);
    results.forEach(Buffer::close);
    return literals;
  }
}
