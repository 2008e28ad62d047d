package jaxon.autodiff;

import java.util.Arrays;
import java.util.List;
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
import jaxon.graph.trace.Array;
import org.jspecify.annotations.Nullable;

/// From the cotangents of an equation's results to those of its operands: one rule per op.
final class VjpRules {
  private VjpRules() {}

  /// One entry per operand; null for zero, or where an operand has no derivative.
  static List<@Nullable Array> apply(VjpContext c) {
    return switch (c.equation().op()) {
      case UnaryOp unary -> some(ElementwiseVjp.unary(unary, c));
      case BinaryOp binary -> ElementwiseVjp.binary(binary, c);
      case ElementwiseOp elementwise -> ElementwiseVjp.elementwise(elementwise, c);
      case SourceOp _ -> Linearization.none(c.equation());
      case ShapeOp shape -> ShapeVjp.apply(shape, c);
      case IndexOp index -> IndexVjp.apply(index, c);
      case ContractOp.DotGeneral dot -> DotVjp.apply(dot, c);
      case ReduceOp.Reduce reduce -> some(ReduceVjp.apply(reduce, c));
      case AnnotationOp annotation -> annotation(annotation, c);
      case CollectiveOp collective -> CollectiveVjp.apply(collective, c);
      case ControlOp control ->
          throw new IllegalStateException("RegionRules differentiates " + control.opName());
    };
  }

  /// A list that may hold nulls.
  static List<@Nullable Array> some(@Nullable Array... cotangents) {
    return Arrays.asList(cotangents);
  }

  private static List<@Nullable Array> annotation(AnnotationOp op, VjpContext c) {
    return switch (op) {
      case AnnotationOp.Name _ -> some(c.cotangent());
      case AnnotationOp.ShardingConstraint constraint ->
          some(c.cotangent().constrain(constraint.axes()));
      case AnnotationOp.StopGradient _ -> Linearization.none(c.equation());
      case AnnotationOp.OptimizationBarrier _ -> c.cotangents();
    };
  }
}
