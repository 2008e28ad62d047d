package jaxon.runtime.cpu.loop;

import jaxon.graph.op.BinaryOp;
import jaxon.graph.op.UnaryOp;

/// Functions of floats on vectors, as Java expressions.
final class FloatOps {
  private FloatOps() {}

  static String apply(UnaryOp op, String x) {
    return switch (op) {
      case ABS -> x + ".abs()";
      case NEGATE -> x + ".neg()";
      case SQRT -> x + ".sqrt()";
      case CEIL -> "#ceil(" + x + ")";
      case FLOOR -> "#floor(" + x + ")";
      case ROUND_NEAREST_EVEN -> "#round(" + x + ")";
      case SIGN -> "#sign(" + x + ")";
      case RSQRT -> "#rsqrt(" + x + ")";
      case COSINE -> "#cos(" + x + ")";
      case SINE -> "#sin(" + x + ")";
      case ERF -> "#erf(" + x + ")";
      case EXPONENTIAL -> "#exp(" + x + ")";
      case EXPONENTIAL_MINUS_ONE -> "#expm1(" + x + ")";
      case LOG -> "#log(" + x + ")";
      case LOG_PLUS_ONE -> "#log1p(" + x + ")";
      case LOGISTIC -> "#logistic(" + x + ")";
      case TANH -> "#tanh(" + x + ")";
      case IS_FINITE -> x + ".abs().compare(VectorOperators.LT, Float.POSITIVE_INFINITY).cast(I)";
      case NOT -> throw new UnsupportedLoopException("not of floats");
    };
  }

  static String apply(BinaryOp op, String x, String y) {
    return switch (op) {
      case ADD -> x + ".add(" + y + ")";
      case SUBTRACT -> x + ".sub(" + y + ")";
      case MULTIPLY -> x + ".mul(" + y + ")";
      case DIVIDE -> x + ".div(" + y + ")";
      case MAXIMUM -> x + ".max(" + y + ")";
      case MINIMUM -> x + ".min(" + y + ")";
      case POWER -> "#pow(" + x + ", " + y + ")";
      case REMAINDER, AND, OR, XOR, SHIFT_LEFT, SHIFT_RIGHT_ARITHMETIC, SHIFT_RIGHT_LOGICAL ->
          throw new UnsupportedLoopException(op.opName() + " of floats in vectors");
    };
  }
}
