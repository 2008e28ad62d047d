package jaxon.runtime.cpu.loop;

import jaxon.graph.type.Bf16;
import jaxon.graph.type.DType;

/// Functions of single elements for generated code, as the interpreter defines them.
public final class ScalarOps {
  private ScalarOps() {}

  public static double ofBf16(short bits) {
    return Bf16.toFloat(bits);
  }

  public static short toBf16(double value) {
    return Bf16.fromDouble(value);
  }

  public static double bf16(double value) {
    return Bf16.toFloat(Bf16.fromDouble(value));
  }

  public static double ofF16(short bits) {
    return Float.float16ToFloat(bits);
  }

  /// The bits of a value that is a float16 already.
  public static short toF16(double value) {
    return Float.floatToFloat16((float) value);
  }

  public static double f16(double value) {
    return DType.F16.round(value);
  }

  public static double abs(double x) {
    return Math.abs(x);
  }

  public static double ceil(double x) {
    return Math.ceil(x);
  }

  public static double cosine(double x) {
    return Math.cos(x);
  }

  public static double erf(double x) {
    return ErrorFunction.of(x);
  }

  public static double exponential(double x) {
    return Math.exp(x);
  }

  public static double exponentialMinusOne(double x) {
    return Math.expm1(x);
  }

  public static double floor(double x) {
    return Math.floor(x);
  }

  public static long isFinite(double x) {
    return Double.isFinite(x) ? 1 : 0;
  }

  public static double log(double x) {
    return Math.log(x);
  }

  public static double logPlusOne(double x) {
    return Math.log1p(x);
  }

  public static double logistic(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  public static double negate(double x) {
    return -x;
  }

  public static double roundNearestEven(double x) {
    return Math.rint(x);
  }

  public static double rsqrt(double x) {
    return 1 / Math.sqrt(x);
  }

  public static double sign(double x) {
    return Math.signum(x);
  }

  public static double sine(double x) {
    return Math.sin(x);
  }

  public static double sqrt(double x) {
    return Math.sqrt(x);
  }

  public static double tanh(double x) {
    return Math.tanh(x);
  }

  /// IEEE 754 `pow`; Java's differs in giving NaN for 1 to the NaN and for ±1 to the infinities.
  public static double power(double x, double y) {
    boolean one = x == 1 || (x == -1 && Double.isInfinite(y));
    return one ? 1 : Math.pow(x, y);
  }

  public static long maxUnsigned(long x, long y) {
    return Long.compareUnsigned(x, y) >= 0 ? x : y;
  }

  public static long minUnsigned(long x, long y) {
    return Long.compareUnsigned(x, y) <= 0 ? x : y;
  }

  /// Truncates; division by zero gives all bits set.
  public static long divide(long x, long y, boolean unsigned) {
    if (y == 0) {
      return -1;
    }
    return unsigned ? Long.divideUnsigned(x, y) : x / y;
  }

  /// By zero it is the dividend.
  public static long remainder(long x, long y, boolean unsigned) {
    if (y == 0) {
      return x;
    }
    return unsigned ? Long.remainderUnsigned(x, y) : x % y;
  }

  /// Wrapping; a negative power is 1/xⁿ truncated.
  public static long power(long x, long n, boolean unsigned) {
    if (n < 0 && !unsigned) {
      boolean unit = x == 1 || x == -1;
      return unit ? power(x, -(n % 2), false) : 0;
    }
    long result = 1;
    long square = x;
    for (long rest = n; rest != 0; rest >>>= 1) {
      if ((rest & 1) == 1) {
        result *= square;
      }
      square *= square;
    }
    return result;
  }

  /// Shift amounts are unsigned numbers of `bits` bits; the width or more shifts everything out.
  public static long shiftLeft(long x, long by, int bits) {
    return isOut(by, bits) ? 0 : x << by;
  }

  public static long shiftRightLogical(long x, long by, int bits) {
    return isOut(by, bits) ? 0 : low(x, bits) >>> by;
  }

  public static long shiftRightArithmetic(long x, long by, int bits) {
    int unused = 64 - bits;
    return x << unused >> unused >> (isOut(by, bits) ? bits - 1 : by);
  }

  private static boolean isOut(long by, int bits) {
    return Long.compareUnsigned(low(by, bits), bits) >= 0;
  }

  private static long low(long x, int bits) {
    return bits == 64 ? x : x & ((1L << bits) - 1);
  }

  /// A large integer with its low bits folded into one, so that the way through `double` to a
  /// narrower float rounds once.
  public static long sticky(long x, boolean unsigned64) {
    boolean large = (unsigned64 && x < 0) || Math.abs(x) >= 1L << 53 || x == Long.MIN_VALUE;
    return large && (x & 0xFFF) != 0 ? (x & ~0xFFFL) | 0x800 : x;
  }

  public static double unsignedToDouble(long x) {
    return x < 0 ? ((x >>> 1) | (x & 1)) * 2.0 : x;
  }

  public static long toUnsigned64(double x) {
    if (x >= 0x1p64) {
      return -1;
    }
    return x >= 0x1p63 ? (long) (x - 0x1p63) ^ Long.MIN_VALUE : Math.max((long) x, 0);
  }
}
