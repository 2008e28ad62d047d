package jaxon.runtime.pass;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.Var;
import jaxon.graph.op.ContractOp.DotGeneral;
import jaxon.graph.op.ShapeOp;

/// `transpose(dot_general(a, b)) -> dot_general(b, a)` where the transpose puts the free dims of
/// `b` before those of `a` and nothing else reads the product.
///
/// Exact: each element is the same sum of the same products. Gradients of weights come this way.
public final class SwapDots implements Pass {
  @Override
  public Graph run(Graph graph) {
    Set<Var> readOnce = new HashSet<>();
    collect(graph, readOnce, new HashSet<>());
    return GraphRewriter.rewrite(graph, (equation, scope) -> swap(equation, scope, readOnce));
  }

  /// Adds the values of `graph` and its regions that are read at one place.
  private static void collect(Graph graph, Set<Var> readOnce, Set<Graph> done) {
    if (!done.add(graph)) {
      return;
    }
    Map<Var, Integer> reads = new HashMap<>();
    for (Equation equation : graph.equations()) {
      equation.inputs().forEach(input -> reads.merge(input, 1, Integer::sum));
      equation.regions().forEach(region -> collect(region, readOnce, done));
    }
    graph.outputs().forEach(output -> reads.merge(output, 1, Integer::sum));
    for (Equation equation : graph.equations()) {
      equation.outputs().stream()
          .filter(output -> reads.getOrDefault(output, 0) == 1)
          .forEach(readOnce::add);
    }
  }

  private static Optional<List<Var>> swap(
      Equation equation, RewriteScope scope, Set<Var> readOnce) {
    if (!(equation.op() instanceof ShapeOp.Transpose(List<Integer> permutation))
        || !readOnce.contains(equation.inputs().getFirst())) {
      return Optional.empty();
    }
    Equation product = scope.definition(equation.inputs().getFirst());
    if (product == null
        || !(product.op() instanceof DotGeneral dot)
        || !permutation.equals(swapped(dot, product.inputs().getFirst(), permutation.size()))) {
      return Optional.empty();
    }
    DotGeneral reversed =
        new DotGeneral(
            dot.rhsBatch(), dot.lhsBatch(), dot.rhsContract(), dot.lhsContract(), dot.result());
    return Optional.of(
        List.of(scope.emit(reversed, product.inputs().reversed(), product.source())));
  }

  /// The permutation that swaps the free dims of the two sides.
  private static List<Integer> swapped(DotGeneral dot, Var lhs, int rank) {
    int batch = dot.lhsBatch().size();
    int lhsFree = lhs.type().shape().rank() - batch - dot.lhsContract().size();
    return Stream.of(
            IntStream.range(0, batch),
            IntStream.range(batch + lhsFree, rank),
            IntStream.range(batch, batch + lhsFree))
        .flatMap(IntStream::boxed)
        .toList();
  }
}
