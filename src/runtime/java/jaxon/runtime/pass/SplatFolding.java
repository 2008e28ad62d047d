package jaxon.runtime.pass;

import java.util.List;
import java.util.Optional;
import jaxon.graph.Equation;
import jaxon.graph.interpret.Interpreter;
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
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;

/// Folds ops on splats into splats, without looking at more than one element.
final class SplatFolding {
  private SplatFolding() {}

  /// The splat that `equation` gives for `operands`, if it gives one for any sizes.
  static Optional<Literal> fold(Equation equation, List<Literal> operands) {
    if (!operands.stream().allMatch(Literal::isSplat)) {
      return Optional.empty();
    }
    return switch (equation.op()) {
      case UnaryOp _, BinaryOp _, ElementwiseOp _ -> Optional.of(elementwise(equation, operands));
      case ShapeOp.BroadcastInDim _, ShapeOp.Reshape _, ShapeOp.Transpose _, ShapeOp.Slice _ ->
          Optional.of(resize(operands.getFirst(), equation.output().type()));
      case ShapeOp.Reverse _, IndexOp.DynamicSlice _, IndexOp.Gather _ ->
          Optional.of(resize(operands.getFirst(), equation.output().type()));
      case ShapeOp.Pad _, ShapeOp.Concatenate _ -> ofEqual(equation, operands);
      case IndexOp.DynamicUpdateSlice _, IndexOp.Scatter _, IndexOp.Sort _ -> Optional.empty();
      case SourceOp _, ContractOp _, ReduceOp _ -> Optional.empty();
      case ControlOp _, AnnotationOp _, CollectiveOp _ -> Optional.empty();
    };
  }

  private static Literal elementwise(Equation equation, List<Literal> operands) {
    Op op = equation.op();
    List<Literal> scalars = operands.stream().map(SplatFolding::scalar).toList();
    Literal result = Interpreter.apply(op, List.of(), scalars).getFirst();
    return resize(result, equation.output().type());
  }

  private static Optional<Literal> ofEqual(Equation equation, List<Literal> operands) {
    Literal first = scalar(operands.getFirst());
    return operands.stream().allMatch(operand -> scalar(operand).equals(first))
        ? Optional.of(resize(first, equation.output().type()))
        : Optional.empty();
  }

  private static Literal resize(Literal splat, TensorType type) {
    return Literal.wrap(type, scalar(splat).toStorage());
  }

  private static Literal scalar(Literal splat) {
    TensorType type = TensorType.of(splat.type().dtype());
    return type.dtype().isFloat()
        ? Literal.generate(type, _ -> splat.get(0))
        : Literal.generateLongs(type, _ -> splat.getLong(0));
  }
}
