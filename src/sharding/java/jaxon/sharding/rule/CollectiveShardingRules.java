package jaxon.sharding.rule;

import jaxon.graph.Equation;
import jaxon.graph.op.CollectiveOp;
import jaxon.graph.type.Shape;

/// The ops between devices, within manual regions: along other axes than theirs everything may be
/// cut but the dims that they take apart or put together.
final class CollectiveShardingRules {
  private CollectiveShardingRules() {}

  static OpRule of(CollectiveOp op, Equation equation) {
    return switch (op) {
      case CollectiveOp.AxisIndex _ -> OpRule.replicated(equation);
      case CollectiveOp.AllReduce _,
          CollectiveOp.CollectivePermute _,
          CollectiveOp.CollectiveBroadcast _ ->
          OpRule.pairwise(equation);
      case CollectiveOp.AllGather gather -> without(gather.dim(), gather.dim(), equation);
      case CollectiveOp.ReduceScatter scatter -> without(scatter.dim(), scatter.dim(), equation);
      case CollectiveOp.AllToAll move -> without(move.splitDim(), move.concatDim(), equation);
    };
  }

  private static OpRule without(int first, int second, Equation equation) {
    Shape from = equation.inputs().getFirst().type().shape();
    Shape to = equation.output().type().shape();
    return ShapeShardingRules.along(from, to, dim -> dim != first && dim != second);
  }
}
