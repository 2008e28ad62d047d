package jaxon.graph.infer;

import java.util.List;
import jaxon.graph.op.AnnotationOp;
import jaxon.graph.op.BinaryOp;
import jaxon.graph.op.CollectiveOp;
import jaxon.graph.op.ContractOp;
import jaxon.graph.op.ControlOp;
import jaxon.graph.op.ElementwiseOp;
import jaxon.graph.op.IndexOp;
import jaxon.graph.op.Op;
import jaxon.graph.op.ReduceOp;
import jaxon.graph.op.ShapeOp;
import jaxon.graph.op.SourceOp;
import jaxon.graph.op.UnaryOp;
import jaxon.graph.type.DType;
import jaxon.graph.type.FunctionType;
import jaxon.graph.type.TensorType;

/// The types an op gives for the types it takes.
public final class TypeRules {
  private TypeRules() {}

  /// Infers the result types of `op`; throws [ShapeException] saying what was asked, found and
  /// allowed.
  public static List<TensorType> infer(
      Op op, List<TensorType> operands, List<FunctionType> regions) {
    Check check = new Check(op, operands);
    return switch (op) {
      case UnaryOp unary -> List.of(ElementwiseRules.infer(unary, check));
      case BinaryOp binary -> List.of(ElementwiseRules.infer(binary, check));
      case ElementwiseOp elementwise -> List.of(ElementwiseRules.infer(elementwise, check));
      case SourceOp source -> List.of(source(source, check));
      case ShapeOp shape -> List.of(ShapeRules.infer(shape, check));
      case IndexOp index -> IndexRules.infer(index, check);
      case ContractOp.DotGeneral dot -> List.of(DotRules.infer(dot, check));
      case ReduceOp.Reduce reduce -> List.of(ShapeRules.reduce(reduce, check));
      case ControlOp control -> ControlRules.infer(control, check, regions);
      case AnnotationOp annotation -> annotation(annotation, check);
      case CollectiveOp collective -> List.of(CollectiveRules.infer(collective, check));
    };
  }

  private static TensorType source(SourceOp op, Check check) {
    check.operandCount(0);
    return switch (op) {
      case SourceOp.Constant constant -> constant.value().type();
      case SourceOp.Iota iota -> {
        check.dims(List.of(iota.dim()), iota.type().shape(), "dim");
        check.require(iota.type().dtype() != DType.I1, () -> "needs a number, not i1");
        yield iota.type();
      }
    };
  }

  private static List<TensorType> annotation(AnnotationOp op, Check check) {
    return switch (op) {
      case AnnotationOp.Name _, AnnotationOp.StopGradient _ -> List.of(check.single());
      case AnnotationOp.ShardingConstraint constraint -> {
        TensorType type = check.single();
        check.require(
            constraint.axes().names().size() == type.shape().rank(),
            () -> "axes " + constraint.axes() + " must name every dim");
        yield List.of(type);
      }
      case AnnotationOp.OptimizationBarrier _ -> check.operands();
    };
  }
}
