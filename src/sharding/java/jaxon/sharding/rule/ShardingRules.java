package jaxon.sharding.rule;

import jaxon.graph.Equation;
import jaxon.graph.op.AnnotationOp;
import jaxon.graph.op.BinaryOp;
import jaxon.graph.op.CollectiveOp;
import jaxon.graph.op.ContractOp;
import jaxon.graph.op.ControlOp;
import jaxon.graph.op.ElementwiseOp;
import jaxon.graph.op.IndexOp;
import jaxon.graph.op.ReduceOp;
import jaxon.graph.op.ShapeOp;
import jaxon.graph.op.SourceOp;
import jaxon.graph.op.UnaryOp;

/// The rule of each op.
public final class ShardingRules {
  private ShardingRules() {}

  /// The rule of an equation without regions.
  public static OpRule of(Equation equation) {
    return switch (equation.op()) {
      case UnaryOp _, BinaryOp _, ElementwiseOp _ -> OpRule.elementwise(equation);
      case SourceOp.Constant constant ->
          constant.value().isSplat() ? OpRule.elementwise(equation) : OpRule.replicated(equation);
      case SourceOp.Iota _ -> OpRule.elementwise(equation);
      case ShapeOp shape -> ShapeShardingRules.of(shape, equation);
      case ContractOp.DotGeneral dot -> DotShardingRule.of(dot, equation);
      case ReduceOp.Reduce reduce -> ReduceShardingRule.of(reduce, equation);
      case IndexOp.DynamicSlice _ -> WindowShardingRules.dynamicSlice(equation);
      case IndexOp.DynamicUpdateSlice _ -> WindowShardingRules.dynamicUpdateSlice(equation);
      case IndexOp.Gather gather -> GatherShardingRules.gather(gather, equation);
      case IndexOp.Scatter scatter -> GatherShardingRules.scatter(scatter, equation);
      case IndexOp.Sort sort -> WindowShardingRules.sort(sort, equation);
      case AnnotationOp _ -> OpRule.pairwise(equation);
      case ControlOp control ->
          throw new IllegalStateException(control.opName() + " is propagated through its regions");
      case CollectiveOp collective -> CollectiveShardingRules.of(collective, equation);
    };
  }
}
