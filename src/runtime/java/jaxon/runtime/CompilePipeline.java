package jaxon.runtime;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Predicate;
import jaxon.graph.Graph;
import jaxon.graph.GraphVerifier;
import jaxon.runtime.pass.DropBarriers;
import jaxon.runtime.pass.InlineRegions;
import jaxon.runtime.pass.Pass;
import jaxon.runtime.pass.StripAnnotations;

/// Every pass that a graph goes through before a backend takes it, in order.
///
/// The graph is verified before the first pass and after each one; a pass that breaks it is named.
/// With [CompileOptions#dumpTo] the text after each pass is written to
/// `<dump_to>/<graph>/<number>_<pass>.txt`; number 00 is the graph as it came.
public final class CompilePipeline {
  private final List<Pass> passes;
  private final Function<Graph, String> printer;

  /// These passes in this order; `printer` gives the text that dumps hold.
  public CompilePipeline(List<Pass> passes, Function<Graph, String> printer) {
    this.passes = List.copyOf(passes);
    this.printer = printer;
  }

  /// The passes every backend wants; composites whose name satisfies `runsComposite` are kept
  /// whole.
  public static CompilePipeline standard(Predicate<String> runsComposite) {
    List<Pass> passes =
        List.of(
            // First, so that every later pass sees the equations inside.
            new InlineRegions(runsComposite),
            new StripAnnotations(),
            // Nothing that merges or hoists may follow.
            new DropBarriers());
    return new CompilePipeline(passes, Graph::toString);
  }

  /// The rewritten graph, of the same type as `graph`.
  ///
  /// Throws [IllegalStateException] naming the pass after which the graph was not legal.
  public Graph run(Graph graph, CompileOptions options) {
    GraphVerifier.verify(graph, "tracing");
    Graph current = graph;
    dump(current, 0, "input", options);
    for (int i = 0; i < passes.size(); i++) {
      Pass pass = passes.get(i);
      current = runChecked(pass, current);
      dump(current, i + 1, pass.name(), options);
    }
    return current;
  }

  private static Graph runChecked(Pass pass, Graph graph) {
    Graph result = pass.run(graph);
    GraphVerifier.verify(result, pass.name());
    if (!result.type().equals(graph.type())) {
      throw new IllegalStateException(
          "illegal graph '"
              + graph.name()
              + "' after "
              + pass.name()
              + ": its type was "
              + graph.type()
              + " and became "
              + result.type());
    }
    return result;
  }

  private void dump(Graph graph, int number, String pass, CompileOptions options) {
    if (options.dumpTo().isEmpty()) {
      return;
    }
    Path directory = options.dumpTo().get().resolve(fileName(graph.name()));
    try {
      Files.createDirectories(directory);
      Path file = directory.resolve(String.format(Locale.ROOT, "%02d_%s.txt", number, pass));
      Files.writeString(file, printer.apply(graph));
    } catch (IOException e) {
      throw new UncheckedIOException("dump_to: cannot write to " + directory, e);
    }
  }

  private static String fileName(String graphName) {
    return graphName.replaceAll("[^A-Za-z0-9_-]", "_");
  }
}
