package jaxon.graph.interpret;

import jaxon.graph.op.BinaryOp;
import jaxon.graph.type.DType;

/// Functions of two elements of one type.
public final class BinaryKernels {
  private BinaryKernels() {}

  static Tensor apply(BinaryOp op, Tensor x, Tensor y, Precision precision) {
    return x.isFloat() ? floats(op, x, y, precision) : integers(op, x, y);
  }

  private static Tensor floats(BinaryOp op, Tensor x, Tensor y, Precision precision) {
    double[] result = new double[x.size()];
    for (int i = 0; i < result.length; i++) {
      result[i] = compute(op, x.doubles()[i], y.doubles()[i]);
    }
    return Tensor.rounded(x.type(), result, precision);
  }

  private static Tensor integers(BinaryOp op, Tensor x, Tensor y) {
    long[] result = new long[x.size()];
    for (int i = 0; i < result.length; i++) {
      result[i] = compute(op, x.dtype(), x.longs()[i], y.longs()[i]);
    }
    return Tensor.ofLongs(x.type(), result);
  }

  /// The float result of `op`, not rounded.
  public static double compute(BinaryOp op, double x, double y) {
    return switch (op) {
      case ADD -> x + y;
      case SUBTRACT -> x - y;
      case MULTIPLY -> x * y;
      case DIVIDE -> x / y;
      case REMAINDER -> x % y;
      // These two give NaN if either operand is NaN, and order -0 before 0.
      case MAXIMUM -> Math.max(x, y);
      case MINIMUM -> Math.min(x, y);
      case POWER -> power(x, y);
      case AND, OR, XOR, SHIFT_LEFT, SHIFT_RIGHT_ARITHMETIC, SHIFT_RIGHT_LOGICAL ->
          throw new IllegalStateException(op + " of floats");
    };
  }

  /// IEEE 754 `pow`; Java's differs in giving NaN for 1 to the NaN and for ±1 to the infinity.
  private static double power(double x, double y) {
    boolean one = x == 1 || (x == -1 && Double.isInfinite(y));
    return one ? 1 : Math.pow(x, y);
  }

  /// The result of `op` on integers or bools of `dtype`.
  public static long compute(BinaryOp op, DType dtype, long x, long y) {
    return switch (op) {
      case ADD -> dtype.wrap(x + y);
      case SUBTRACT -> dtype.wrap(x - y);
      case MULTIPLY -> dtype.wrap(x * y);
      case DIVIDE -> divide(dtype, x, y);
      case REMAINDER -> remainder(dtype, x, y);
      case MAXIMUM -> compare(dtype, x, y) >= 0 ? x : y;
      case MINIMUM -> compare(dtype, x, y) <= 0 ? x : y;
      case POWER -> power(dtype, x, y);
      case AND -> x & y;
      case OR -> x | y;
      case XOR -> x ^ y;
      case SHIFT_LEFT -> shiftOut(dtype, y) ? 0 : dtype.wrap(x << y);
      case SHIFT_RIGHT_LOGICAL -> shiftOut(dtype, y) ? 0 : dtype.wrap(unsigned(dtype, x) >>> y);
      case SHIFT_RIGHT_ARITHMETIC ->
          dtype.wrap(signed(dtype, x) >> (shiftOut(dtype, y) ? dtype.bits() - 1 : y));
    };
  }

  /// The order of two integers of `dtype`.
  public static int compare(DType dtype, long x, long y) {
    return dtype.isUnsigned() ? Long.compareUnsigned(x, y) : Long.compare(x, y);
  }

  /// Truncates toward zero. Division by zero gives all bits set, as XLA leaves it; the smallest
  /// integer by -1 wraps to itself.
  private static long divide(DType dtype, long x, long y) {
    if (y == 0) {
      return dtype.wrap(-1);
    }
    return dtype.wrap(dtype.isUnsigned() ? Long.divideUnsigned(x, y) : x / y);
  }

  /// The remainder of [#divide]; by zero it is the dividend, as XLA leaves it.
  private static long remainder(DType dtype, long x, long y) {
    if (y == 0) {
      return x;
    }
    return dtype.isUnsigned() ? Long.remainderUnsigned(x, y) : x % y;
  }

  /// x · x · … · x, wrapping; a negative power is 1/xⁿ truncated: ±1 for ±1, else 0.
  private static long power(DType dtype, long x, long n) {
    if (n < 0 && !dtype.isUnsigned()) {
      return x == 1 || x == -1 ? power(dtype, x, -(n % 2)) : 0;
    }
    long result = 1;
    long square = x;
    for (long rest = n; rest != 0; rest >>>= 1) {
      if ((rest & 1) == 1) {
        result *= square;
      }
      square *= square;
    }
    return dtype.wrap(result);
  }

  /// Shift amounts are taken as unsigned.
  private static boolean shiftOut(DType dtype, long amount) {
    return Long.compareUnsigned(unsigned(dtype, amount), dtype.bits()) >= 0;
  }

  private static long unsigned(DType dtype, long x) {
    return dtype.bits() == 64 ? x : x & ((1L << dtype.bits()) - 1);
  }

  private static long signed(DType dtype, long x) {
    int unused = 64 - dtype.bits();
    return x << unused >> unused;
  }
}
