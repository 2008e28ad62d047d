package jaxon.graph.text;

import java.util.List;
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
import jaxon.graph.type.TensorType;

/// Writes one equation, whatever its op.
final class EquationText {
  private EquationText() {}

  /// Writes the equation and returns the names of its results.
  static List<String> write(Equation equation, FunctionText out) {
    return switch (equation.op()) {
      case UnaryOp op -> List.of(ElementwiseText.write(op, equation, out));
      case BinaryOp op -> List.of(ElementwiseText.write(op, equation, out));
      case ElementwiseOp op -> List.of(ElementwiseText.write(op, equation, out));
      case SourceOp op -> List.of(source(op, out));
      case ShapeOp op -> List.of(out.emit(ShapeText.of(op, equation, out)));
      case IndexOp op -> IndexText.write(op, equation, out);
      case ContractOp.DotGeneral op -> List.of(FoldText.write(op, equation, out));
      case ReduceOp.Reduce op -> List.of(FoldText.write(op, equation, out));
      case ControlOp op -> ControlText.write(op, equation, out);
      case AnnotationOp op -> annotation(op, equation, out);
      case CollectiveOp op -> List.of(CollectiveText.write(op, equation, out));
    };
  }

  private static String source(SourceOp op, FunctionText out) {
    return switch (op) {
      case SourceOp.Constant constant -> {
        TensorType type = constant.value().type();
        yield out.emit(op.opName() + " " + DenseText.of(constant.value()) + colon(type));
      }
      case SourceOp.Iota iota ->
          out.emit(op.opName() + " dim = " + iota.dim() + colon(iota.type()));
    };
  }

  private static String colon(TensorType type) {
    return " : " + Spelling.type(type);
  }

  /// Annotations but the barrier stand for their operand; a comment keeps what they say.
  private static List<String> annotation(AnnotationOp op, Equation equation, FunctionText out) {
    String operands = out.names(equation.inputs());
    return switch (op) {
      case AnnotationOp.Name name -> {
        out.line("// name " + Spelling.quoted(name.name()) + ": " + operands);
        yield List.of(operands);
      }
      case AnnotationOp.ShardingConstraint constraint -> {
        List<String> axes = constraint.axes().names().stream().map(Spelling::quoted).toList();
        out.line("// sharding_constraint " + Spelling.list(axes) + ": " + operands);
        yield List.of(operands);
      }
      case AnnotationOp.StopGradient _ -> List.of(operands);
      case AnnotationOp.OptimizationBarrier _ -> {
        List<TensorType> types = equation.outputs().stream().map(v -> v.type()).toList();
        String text = op.opName() + " " + operands + " : " + Spelling.types(types);
        yield out.emitAll(types.size(), text);
      }
    };
  }
}
