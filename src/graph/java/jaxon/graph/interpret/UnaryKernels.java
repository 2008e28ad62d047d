package jaxon.graph.interpret;

import jaxon.graph.op.UnaryOp;
import jaxon.graph.type.DType;

/// Functions of one element.
public final class UnaryKernels {
  private UnaryKernels() {}

  static Tensor apply(UnaryOp op, Tensor x, Precision precision) {
    if (op == UnaryOp.IS_FINITE) {
      return isFinite(x);
    }
    return x.isFloat() ? floats(op, x, precision) : integers(op, x);
  }

  private static Tensor isFinite(Tensor x) {
    long[] result = new long[x.size()];
    for (int i = 0; i < result.length; i++) {
      result[i] = Double.isFinite(x.doubles()[i]) ? 1 : 0;
    }
    return Tensor.ofLongs(x.type().withDType(DType.I1), result);
  }

  private static Tensor floats(UnaryOp op, Tensor x, Precision precision) {
    double[] result = new double[x.size()];
    for (int i = 0; i < result.length; i++) {
      result[i] = compute(op, x.doubles()[i]);
    }
    return Tensor.rounded(x.type(), result, precision);
  }

  private static Tensor integers(UnaryOp op, Tensor x) {
    long[] result = new long[x.size()];
    for (int i = 0; i < result.length; i++) {
      result[i] = compute(op, x.dtype(), x.longs()[i]);
    }
    return Tensor.ofLongs(x.type(), result);
  }

  /// The float result of `op`, not rounded.
  public static double compute(UnaryOp op, double x) {
    return switch (op) {
      case ABS -> Math.abs(x);
      case CEIL -> Math.ceil(x);
      case COSINE -> Math.cos(x);
      case ERF -> Erf.of(x);
      case EXPONENTIAL -> Math.exp(x);
      case EXPONENTIAL_MINUS_ONE -> Math.expm1(x);
      case FLOOR -> Math.floor(x);
      case LOG -> Math.log(x);
      case LOG_PLUS_ONE -> Math.log1p(x);
      case LOGISTIC -> 1 / (1 + Math.exp(-x));
      case NEGATE -> -x;
      case ROUND_NEAREST_EVEN -> Math.rint(x);
      case RSQRT -> 1 / Math.sqrt(x);
      // NaN gives NaN, and a zero keeps its sign.
      case SIGN -> Math.signum(x);
      case SINE -> Math.sin(x);
      case SQRT -> Math.sqrt(x);
      case TANH -> Math.tanh(x);
      case IS_FINITE, NOT -> throw new IllegalStateException(op + " gives no float");
    };
  }

  /// The result of `op` on an integer or bool of `dtype`.
  public static long compute(UnaryOp op, DType dtype, long x) {
    return switch (op) {
      case ABS -> dtype.isUnsigned() ? x : dtype.wrap(Math.abs(x));
      case NEGATE -> dtype.wrap(-x);
      case NOT -> dtype == DType.I1 ? 1 - x : dtype.wrap(~x);
      case SIGN -> dtype.isUnsigned() ? (x == 0 ? 0 : 1) : Long.signum(x);
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
          throw new IllegalStateException(op + " of " + dtype);
    };
  }
}
