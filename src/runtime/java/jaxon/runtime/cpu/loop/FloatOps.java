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
      case CEIL -> "LaneMath.ceil(" + x + ")";
      case FLOOR -> "LaneMath.floor(" + x + ")";
      case ROUND_NEAREST_EVEN -> "LaneMath.round(" + x + ")";
      case SIGN -> "LaneMath.sign(" + x + ")";
      case RSQRT -> "LaneMath.rsqrt(" + x + ")";
      case COSINE -> "LaneMath.cos(" + x + ")";
      case SINE -> "LaneMath.sin(" + x + ")";
      case ERF -> "LaneMath.erf(" + x + ")";
      case EXPONENTIAL -> "LaneMath.exp(" + x + ")";
      case EXPONENTIAL_MINUS_ONE -> "LaneMath.expm1(" + x + ")";
      case LOG -> "LaneMath.log(" + x + ")";
      case LOG_PLUS_ONE -> "LaneMath.log1p(" + x + ")";
      case LOGISTIC -> "LaneMath.logistic(" + x + ")";
      case TANH -> "LaneMath.tanh(" + x + ")";
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
      case POWER -> "LaneMath.pow(" + x + ", " + y + ")";
      case REMAINDER, AND, OR, XOR, SHIFT_LEFT, SHIFT_RIGHT_ARITHMETIC, SHIFT_RIGHT_LOGICAL ->
          throw new UnsupportedLoopException(op.opName() + " of floats in vectors");
    };
  }
}
