package jaxon.runtime.cpu.loop;

import jaxon.graph.op.BinaryOp;
import jaxon.graph.op.UnaryOp;
import jaxon.graph.type.DType;

/// Functions of 32-bit integers and of bools on vectors, as Java expressions.
final class IntOps {
  private IntOps() {}

  static String apply(UnaryOp op, DType dtype, String x) {
    if (dtype == DType.I1) {
      return op == UnaryOp.NOT ? x + ".not()" : x;
    }
    return switch (op) {
      case ABS -> dtype.isUnsigned() ? x : x + ".abs()";
      case NEGATE -> x + ".neg()";
      case NOT -> x + ".not()";
      case SIGN ->
          dtype.isUnsigned() ? x + ".lanewise(VectorOperators.UMIN, 1)" : x + ".min(1).max(-1)";
      case CEIL,
          COSINE,
          ERF,
          EXPONENTIAL,
          EXPONENTIAL_MINUS_ONE,
          FLOOR,
          IS_FINITE,
          LOG,
          LOG_PLUS_ONE,
          LOGISTIC,
          ROUND_NEAREST_EVEN,
          RSQRT,
          SINE,
          SQRT,
          TANH ->
          throw new UnsupportedLoopException(op.opName() + " of " + dtype);
    };
  }

  static String apply(BinaryOp op, DType dtype, String x, String y) {
    return dtype == DType.I1 ? bools(op, x, y) : ints(op, dtype, x, y);
  }

  /// A sum or difference of bools is `true` when it is not 0, as conversion to `i1` has it.
  private static String bools(BinaryOp op, String x, String y) {
    return switch (op) {
      case ADD, OR, MAXIMUM -> x + ".or(" + y + ")";
      case MULTIPLY, AND, MINIMUM -> x + ".and(" + y + ")";
      case SUBTRACT, XOR -> x + ".xor(" + y + ")";
      case DIVIDE, POWER, REMAINDER, SHIFT_LEFT, SHIFT_RIGHT_ARITHMETIC, SHIFT_RIGHT_LOGICAL ->
          throw new UnsupportedLoopException(op.opName() + " of i1 in vectors");
    };
  }

  private static String ints(BinaryOp op, DType dtype, String x, String y) {
    String unsigned = dtype.isUnsigned() ? "U" : "";
    return switch (op) {
      case ADD -> x + ".add(" + y + ")";
      case SUBTRACT -> x + ".sub(" + y + ")";
      case MULTIPLY -> x + ".mul(" + y + ")";
      case AND -> x + ".and(" + y + ")";
      case OR -> x + ".or(" + y + ")";
      case XOR -> x + ".lanewise(VectorOperators.XOR, " + y + ")";
      case MAXIMUM -> x + ".lanewise(VectorOperators." + unsigned + "MAX, " + y + ")";
      case MINIMUM -> x + ".lanewise(VectorOperators." + unsigned + "MIN, " + y + ")";
      case SHIFT_LEFT -> "#shiftLeft(" + x + ", " + y + ")";
      case SHIFT_RIGHT_LOGICAL -> "#shiftRightLogical(" + x + ", " + y + ")";
      case SHIFT_RIGHT_ARITHMETIC -> "#shiftRightArithmetic(" + x + ", " + y + ")";
      case DIVIDE, POWER, REMAINDER ->
          throw new UnsupportedLoopException(op.opName() + " of " + dtype + " in vectors");
    };
  }
}
