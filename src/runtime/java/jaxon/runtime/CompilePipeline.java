package jaxon.runtime;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import jaxon.graph.Graph;
import jaxon.graph.GraphVerifier;
import jaxon.graph.text.StableHloPrinter;
import jaxon.runtime.pass.CombineReductions;
import jaxon.runtime.pass.DeferWidening;
import jaxon.runtime.pass.DemoteInvariants;
import jaxon.runtime.pass.DropBarriers;
import jaxon.runtime.pass.EliminateDead;
import jaxon.runtime.pass.FoldConstants;
import jaxon.runtime.pass.HoistInvariants;
import jaxon.runtime.pass.InlineRegions;
import jaxon.runtime.pass.LeadCollectives;
import jaxon.runtime.pass.MergeCommon;
import jaxon.runtime.pass.Pass;
import jaxon.runtime.pass.SimplifyAlgebra;
import jaxon.runtime.pass.SinkConstants;
import jaxon.runtime.pass.StripAnnotations;
import jaxon.runtime.pass.SwapDots;

/// Every pass that a graph goes through before a backend takes it, in order.
///
/// The graph is verified before the first pass and after each one; a pass that breaks it is named.
/// With [CompileOptions#dumpTo] the StableHLO text after each pass is written to
/// `<dump_to>/<graph>/<number>_<pass>.mlir`; number 00 is the graph as it came.
public final class CompilePipeline {
  private final List<Pass> passes;

  /// These passes in this order.
  public CompilePipeline(List<Pass> passes) {
    this.passes = List.copyOf(passes);
  }

  /// The passes every backend wants; composites whose name satisfies `runsComposite` are kept
  /// whole.
  public static CompilePipeline standard(Predicate<String> runsComposite) {
    List<Pass> passes = new ArrayList<>(barrierPasses(runsComposite));
    // Last: nothing that merges or hoists may follow, or recomputed values would be kept.
    passes.add(new DropBarriers());
    return new CompilePipeline(passes);
  }

  /// The standard passes without the last one: for a backend with a compiler of its own, which must
  /// not merge recomputed values either.
  public static CompilePipeline keepingBarriers(Predicate<String> runsComposite) {
    return new CompilePipeline(barrierPasses(runsComposite));
  }

  private static List<Pass> barrierPasses(Predicate<String> runsComposite) {
    return List.of(
        // First, so that every later pass sees the equations inside.
        new InlineRegions(runsComposite),
        // Names and constraints would hide patterns from the passes below.
        new StripAnnotations(),
        // Before simplifying, which merges the transposes it makes with their neighbours.
        new LeadCollectives(),
        // Early, so that the passes below do not work on forward values nobody asked for.
        new EliminateDead(),
        // Before sinking: a carry that never changes may be a constant.
        new DemoteInvariants(),
        // Before folding, so that regions fold too.
        new SinkConstants(),
        new FoldConstants(),
        new SimplifyAlgebra(),
        // Again: a chosen branch or a merged broadcast has new constant operands.
        new FoldConstants(),
        // After simplifying, which makes different spellings of one value equal.
        new MergeCommon(),
        new HoistInvariants(),
        // After simplifying, which merges transposes.
        new SwapDots(),
        // After folding, which may leave a scan that ends in a convert.
        new DeferWidening(),
        // After merging, so that equal reductions are one already.
        new CombineReductions(),
        // Again: sweeps what the passes above left unused.
        new EliminateDead());
  }

  /// These passes and then `last`, which an engine has of its own.
  public CompilePipeline then(Pass last) {
    List<Pass> all = new ArrayList<>(passes);
    all.add(last);
    return new CompilePipeline(all);
  }

  /// The rewritten graph, of the same type as `graph`.
  ///
  /// Throws [IllegalStateException] naming the pass after which the graph was not legal, and
  /// [IllegalArgumentException] when a donated position is not an input's.
  public Graph run(Graph graph, CompileOptions options) {
    for (int position : options.donated()) {
      if (position < 0 || position >= graph.inputs().size()) {
        throw new IllegalArgumentException(
            "donated position " + position + ", but " + graph + " has no such input");
      }
    }
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
    if (result.equals(graph)) {
      return graph;
    }
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
      Path file = directory.resolve(String.format(Locale.ROOT, "%02d_%s.mlir", number, pass));
      Files.writeString(file, StableHloPrinter.print(graph));
    } catch (IOException e) {
      throw new UncheckedIOException("dump_to: cannot write to " + directory, e);
    }
  }

  private static String fileName(String graphName) {
    return graphName.replaceAll("[^A-Za-z0-9_-]", "_");
  }
}
