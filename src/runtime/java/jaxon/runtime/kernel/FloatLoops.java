package jaxon.runtime.kernel;

import jaxon.graph.op.BinaryOp;
import jaxon.graph.op.UnaryOp;

/// Float32 functions that ND4J computes wrongly at the edges or slowly, as loops over arrays.
///
/// ND4J's maximum and minimum drop NaN, its sign of NaN is 0, its log1p and expm1 lose small
/// arguments, and its square roots are not vectorized.
public final class FloatLoops {
  private FloatLoops() {}

  public static boolean has(UnaryOp op) {
    return switch (op) {
      case SQRT, RSQRT, SIGN, LOG_PLUS_ONE, EXPONENTIAL_MINUS_ONE -> true;
      case ABS,
          CEIL,
          COSINE,
          ERF,
          EXPONENTIAL,
          FLOOR,
          IS_FINITE,
          LOG,
          LOGISTIC,
          NEGATE,
          NOT,
          ROUND_NEAREST_EVEN,
          SINE,
          TANH ->
          false;
    };
  }

  public static boolean has(BinaryOp op) {
    return op == BinaryOp.MAXIMUM || op == BinaryOp.MINIMUM;
  }

  public static HostLoop.ChunkKernel unary(UnaryOp op) {
    return (lanes, addresses, strides, count) -> {
      float[] x = lanes.loadFloats(0, addresses[0], strides[0], count);
      float[] z = lanes.floats(2);
      switch (op) {
        case SQRT -> sqrt(x, z, count);
        case RSQRT -> rsqrt(x, z, count);
        case SIGN -> sign(x, z, count);
        case LOG_PLUS_ONE -> log1p(x, z, count);
        case EXPONENTIAL_MINUS_ONE -> expm1(x, z, count);
        default -> throw new IllegalArgumentException("no loop for " + op);
      }
      Lanes.store(z, addresses[1], count);
    };
  }

  public static HostLoop.ChunkKernel binary(BinaryOp op) {
    boolean max = op == BinaryOp.MAXIMUM;
    return (lanes, addresses, strides, count) -> {
      float[] x = lanes.loadFloats(0, addresses[0], strides[0], count);
      float[] y = lanes.loadFloats(1, addresses[1], strides[1], count);
      float[] z = lanes.floats(2);
      if (max) {
        maximum(x, y, z, count);
      } else {
        minimum(x, y, z, count);
      }
      Lanes.store(z, addresses[2], count);
    };
  }

  private static void sqrt(float[] x, float[] z, int count) {
    for (int i = 0; i < count; i++) {
      z[i] = (float) Math.sqrt(x[i]);
    }
  }

  private static void rsqrt(float[] x, float[] z, int count) {
    for (int i = 0; i < count; i++) {
      z[i] = (float) (1 / Math.sqrt((double) x[i]));
    }
  }

  private static void sign(float[] x, float[] z, int count) {
    for (int i = 0; i < count; i++) {
      z[i] = Math.signum(x[i]);
    }
  }

  /// In double 1 + x keeps enough of every float x above 1e-8; below, the series' first two terms
  /// are exact to float.
  private static void log1p(float[] x, float[] z, int count) {
    for (int i = 0; i < count; i++) {
      double v = x[i];
      z[i] = (float) (Math.abs(v) < 1e-7 ? v - 0.5 * v * v : Math.log(1 + v));
    }
  }

  private static void expm1(float[] x, float[] z, int count) {
    for (int i = 0; i < count; i++) {
      double v = x[i];
      z[i] = (float) (Math.abs(v) < 1e-7 ? v + 0.5 * v * v : Math.exp(v) - 1);
    }
  }

  static void maximum(float[] x, float[] y, float[] z, int count) {
    for (int i = 0; i < count; i++) {
      z[i] = Math.max(x[i], y[i]);
    }
  }

  static void minimum(float[] x, float[] y, float[] z, int count) {
    for (int i = 0; i < count; i++) {
      z[i] = Math.min(x[i], y[i]);
    }
  }
}
