package jaxon.xla;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import jaxon.graph.Graph;
import jaxon.graph.text.StableHloPrinter;
import jaxon.graph.type.Literal;
import jaxon.runtime.Buffer;
import jaxon.runtime.CompileOptions;
import jaxon.runtime.Executable;

/// Runs graphs on XLA and checks that nothing is left behind.
final class XlaRun {
  private XlaRun() {}

  /// The results of `graph` as it is, with no pass before it is printed, and all inputs donated.
  static List<Literal> plain(Graph graph, List<Literal> inputs) {
    SortedSet<Integer> donated = new TreeSet<>();
    for (int i = 0; i < inputs.size(); i++) {
      donated.add(i);
    }
    try (XlaBackend backend = new XlaBackend();
        Executable executable =
            backend.compile(
                graph.name(), StableHloPrinter.print(graph), graph.type(), donated)) {
      return once(backend, executable, inputs);
    }
  }

  /// The results of `graph` after the compile pipeline.
  static List<Literal> compiled(Graph graph, List<Literal> inputs) {
    try (XlaBackend backend = new XlaBackend();
        Executable executable = backend.compile(graph, CompileOptions.DEFAULT)) {
      return once(backend, executable, inputs);
    }
  }

  private static List<Literal> once(
      XlaBackend backend, Executable executable, List<Literal> inputs) {
    List<Buffer> buffers = new ArrayList<>();
    inputs.forEach(input -> buffers.add(backend.put(input, XlaBackend.DEVICE)));
    List<Buffer> results = executable.execute(buffers);
    List<Literal> literals = results.stream().map(Buffer::toLiteral).toList();
    buffers.forEach(Buffer::close);
    results.forEach(Buffer::close);
    assertThat(backend.liveBuffers()).as("buffers left open").isZero();
    return literals;
  }
}
