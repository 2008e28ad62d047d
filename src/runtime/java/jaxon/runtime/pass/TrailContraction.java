package jaxon.runtime.pass;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.Var;
import jaxon.graph.op.AnnotationOp;
import jaxon.graph.op.ContractOp;
import jaxon.graph.op.ShapeOp;
import jaxon.graph.type.DType;

/// `dot(a, b) -> dot(barrier(transpose(a)), b)` for an `a` of 16-bit floats whose contracted dims
/// are not its last.
///
/// For XLA on the CPU, which folds the transposition that it makes itself back into the product and
/// then has no kernel for it. It cannot fold across a barrier.
public final class TrailContraction implements Pass {
  @Override
  public Graph run(Graph graph) {
    return GraphRewriter.rewrite(graph, TrailContraction::trail);
  }

  private static Optional<List<Var>> trail(Equation equation, RewriteScope scope) {
    if (!(equation.op() instanceof ContractOp.DotGeneral dot)) {
      return Optional.empty();
    }
    Var left = equation.inputs().get(0);
    DType dtype = left.type().dtype();
    int rank = left.type().shape().rank();
    List<Integer> order = new ArrayList<>(dot.lhsBatch());
    IntStream.range(0, rank)
        .filter(dim -> !dot.lhsBatch().contains(dim) && !dot.lhsContract().contains(dim))
        .forEach(order::add);
    order.addAll(dot.lhsContract());
    List<Integer> last = order.subList(rank - dot.lhsContract().size(), rank);
    boolean trails = last.isEmpty() || Collections.min(last) == rank - last.size();
    if ((dtype != DType.BF16 && dtype != DType.F16) || trails) {
      return Optional.empty();
    }
    Var moved = scope.emit(new ShapeOp.Transpose(order), List.of(left), equation.source());
    Var kept =
        scope.emit(new AnnotationOp.OptimizationBarrier(), List.of(moved), equation.source());
    ContractOp.DotGeneral trailing =
        new ContractOp.DotGeneral(
            IntStream.range(0, dot.lhsBatch().size()).boxed().toList(),
            dot.rhsBatch(),
            IntStream.range(rank - last.size(), rank).boxed().toList(),
            dot.rhsContract(),
            dot.result());
    Var right = equation.inputs().get(1);
    return Optional.of(List.of(scope.emit(trailing, List.of(kept, right), equation.source())));
  }
}
