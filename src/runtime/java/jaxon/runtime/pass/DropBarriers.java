package jaxon.runtime.pass;

import java.util.List;
import java.util.Optional;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.Var;
import jaxon.graph.op.AnnotationOp;

/// `optimization_barrier(x…) -> x…`.
///
/// After this, recomputed values look like the values they repeat: no pass that merges may follow.
public final class DropBarriers implements Pass {
  @Override
  public Graph run(Graph graph) {
    return GraphRewriter.rewrite(graph, (equation, _) -> drop(equation));
  }

  private static Optional<List<Var>> drop(Equation equation) {
    return equation.op() instanceof AnnotationOp.OptimizationBarrier
        ? Optional.of(equation.inputs())
        : Optional.empty();
  }
}
