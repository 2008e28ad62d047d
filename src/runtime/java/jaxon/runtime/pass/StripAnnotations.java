package jaxon.runtime.pass;

import java.util.List;
import java.util.Optional;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.Var;
import jaxon.graph.op.AnnotationOp;

/// `name(x) -> x`, `sharding_constraint(x) -> x`, `stop_gradient(x) -> x`.
///
/// Barriers stay: they must outlive [MergeCommon]; [DropBarriers] removes them.
public final class StripAnnotations implements Pass {
  @Override
  public Graph run(Graph graph) {
    return GraphRewriter.rewrite(graph, (equation, _) -> strip(equation));
  }

  private static Optional<List<Var>> strip(Equation equation) {
    if (!(equation.op() instanceof AnnotationOp annotation)) {
      return Optional.empty();
    }
    return switch (annotation) {
      case AnnotationOp.Name _, AnnotationOp.ShardingConstraint _, AnnotationOp.StopGradient _ ->
          Optional.of(equation.inputs());
      case AnnotationOp.OptimizationBarrier _ -> Optional.empty();
    };
  }
}
