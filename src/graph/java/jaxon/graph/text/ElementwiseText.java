package jaxon.graph.text;

import java.util.List;
import jaxon.graph.Equation;
import jaxon.graph.Var;
import jaxon.graph.op.BinaryOp;
import jaxon.graph.op.ElementwiseOp;
import jaxon.graph.op.UnaryOp;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.Shape;
import jaxon.graph.type.TensorType;

/// Writes the elementwise ops.
final class ElementwiseText {
  private ElementwiseText() {}

  static String write(UnaryOp op, Equation equation, FunctionText out) {
    TensorType type = equation.inputs().getFirst().type();
    String operand = out.name(equation.inputs().getFirst());
    boolean signless = type.dtype().isUnsigned();
    // StableHLO has abs and sign of signed numbers only.
    if (signless && op == UnaryOp.ABS) {
      return operand;
    }
    if (signless && op == UnaryOp.SIGN) {
      String one = out.emit("stablehlo.constant dense<1>" + colon(type));
      return out.emit("stablehlo.minimum " + operand + ", " + one + colon(type));
    }
    String start = op.opName() + " " + operand;
    return switch (op) {
      case IS_FINITE -> out.emit(start + " : " + signature(equation));
      case ERF -> out.emit(start + colon(type) + " -> " + Spelling.type(type));
      case ABS,
          CEIL,
          COSINE,
          EXPONENTIAL,
          EXPONENTIAL_MINUS_ONE,
          FLOOR,
          LOG,
          LOG_PLUS_ONE,
          LOGISTIC,
          NEGATE,
          NOT,
          ROUND_NEAREST_EVEN,
          RSQRT,
          SIGN,
          SINE,
          SQRT,
          TANH ->
          out.emit(start + colon(type));
    };
  }

  static String write(BinaryOp op, Equation equation, FunctionText out) {
    String operands = out.names(equation.inputs());
    return out.emit(op.opName() + " " + operands + colon(equation.output().type()));
  }

  static String write(ElementwiseOp op, Equation equation, FunctionText out) {
    List<Var> inputs = equation.inputs();
    String operands = out.names(inputs);
    String text =
        switch (op) {
          case ElementwiseOp.Compare compare ->
              compare(compare.direction(), operands, inputs.getFirst().type());
          case ElementwiseOp.Select _ -> {
            List<TensorType> types = List.of(inputs.get(0).type(), inputs.get(1).type());
            yield op.opName() + " " + operands + " : " + Spelling.types(types);
          }
          case ElementwiseOp.Clamp _ ->
              op.opName() + " " + operands + colon(equation.output().type());
          case ElementwiseOp.Convert _, ElementwiseOp.BitcastConvert _ ->
              op.opName() + " " + operands + " : " + signature(equation);
        };
    return out.emit(text);
  }

  /// A comparison of two operands of `type`, by value.
  static String compare(ElementwiseOp.Direction direction, String operands, TensorType type) {
    String in = Spelling.type(type);
    String result = Spelling.type(type.withDType(DType.I1));
    String kind = type.dtype().isFloat() ? "FLOAT" : signed(type.dtype()) ? "SIGNED" : "UNSIGNED";
    return "stablehlo.compare %s, %s, %s : (%s, %s) -> %s"
        .formatted(direction, operands, kind, in, in, result);
  }

  private static boolean signed(DType dtype) {
    return dtype.isInteger() && !dtype.isUnsigned();
  }

  /// A conversion of `value` to another dtype; `value` itself when it has it.
  static String converted(String value, TensorType from, DType to, FunctionText out) {
    if (from.dtype() == to) {
      return value;
    }
    String types = "(" + Spelling.type(from) + ") -> " + Spelling.type(from.withDType(to));
    return out.emit("stablehlo.convert " + value + " : " + types);
  }

  /// A scalar constant.
  static String scalar(DType dtype, double value, FunctionText out) {
    TensorType type = new TensorType(dtype, Shape.SCALAR);
    String dense = DenseText.of(Literal.splat(type, value));
    return out.emit("stablehlo.constant " + dense + colon(type));
  }

  private static String signature(Equation equation) {
    return Spelling.signature(equation.inputs(), equation.outputs());
  }

  private static String colon(TensorType type) {
    return " : " + Spelling.type(type);
  }
}
