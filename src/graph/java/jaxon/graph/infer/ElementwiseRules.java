package jaxon.graph.infer;

import jaxon.graph.op.BinaryOp;
import jaxon.graph.op.ElementwiseOp;
import jaxon.graph.op.UnaryOp;
import jaxon.graph.type.DType;
import jaxon.graph.type.TensorType;

/// Types of the elementwise ops: one shape in, the same shape out.
final class ElementwiseRules {
  private ElementwiseRules() {}

  static TensorType infer(UnaryOp op, Check check) {
    TensorType type = check.single();
    switch (op) {
      case CEIL,
          COSINE,
          ERF,
          EXPONENTIAL,
          EXPONENTIAL_MINUS_ONE,
          FLOOR,
          LOG,
          LOG_PLUS_ONE,
          LOGISTIC,
          ROUND_NEAREST_EVEN,
          RSQRT,
          SINE,
          SQRT,
          TANH,
          IS_FINITE ->
          check.floating(type);
      case NOT -> check.require(!type.dtype().isFloat(), () -> "needs i1 or an integer dtype");
      case ABS, NEGATE, SIGN ->
          check.require(type.dtype() != DType.I1, () -> "needs a number, not i1");
    }
    return op == UnaryOp.IS_FINITE ? type.withDType(DType.I1) : type;
  }

  static TensorType infer(BinaryOp op, Check check) {
    check.operandCount(2);
    check.sameTypes(0, 2);
    TensorType type = check.operand(0);
    switch (op) {
      case AND, OR, XOR ->
          check.require(!type.dtype().isFloat(), () -> "needs i1 or an integer dtype");
      case SHIFT_LEFT, SHIFT_RIGHT_ARITHMETIC, SHIFT_RIGHT_LOGICAL ->
          check.require(type.dtype().isInteger(), () -> "needs an integer dtype");
      case ADD, DIVIDE, MAXIMUM, MINIMUM, MULTIPLY, POWER, REMAINDER, SUBTRACT ->
          check.require(type.dtype() != DType.I1, () -> "needs a number, not i1");
    }
    return type;
  }

  static TensorType infer(ElementwiseOp op, Check check) {
    return switch (op) {
      case ElementwiseOp.Compare _ -> {
        check.operandCount(2);
        check.sameTypes(0, 2);
        yield check.operand(0).withDType(DType.I1);
      }
      case ElementwiseOp.Select _ -> {
        check.operandCount(3);
        check.dtype(check.operand(0), DType.I1);
        check.shapesEqual(0, 1);
        check.sameTypes(1, 3);
        yield check.operand(1);
      }
      case ElementwiseOp.Clamp _ -> {
        check.operandCount(3);
        check.sameTypes(0, 3);
        yield check.operand(1);
      }
      case ElementwiseOp.Convert convert -> check.single().withDType(convert.dtype());
      case ElementwiseOp.BitcastConvert bitcast -> {
        TensorType type = check.single();
        check.require(
            type.dtype().bits() == bitcast.dtype().bits()
                && type.dtype() != DType.I1
                && bitcast.dtype() != DType.I1,
            () -> "to " + bitcast.dtype() + " needs a dtype of the same width");
        yield type.withDType(bitcast.dtype());
      }
    };
  }
}
