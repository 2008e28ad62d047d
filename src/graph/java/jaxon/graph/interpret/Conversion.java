package jaxon.graph.interpret;

import jaxon.graph.type.Bf16;
import jaxon.graph.type.DType;
import jaxon.graph.type.TensorType;

/// Conversion between dtypes, by value and by bits.
public final class Conversion {
  private static final double TWO_TO_63 = 0x1p63;

  private Conversion() {}

  /// Converts values. Float to integer truncates and saturates at the ends of the integer's range,
  /// NaN gives 0; integer to integer keeps the low bits; anything to `i1` is `!= 0`, so NaN is
  /// true.
  static Tensor convert(Tensor x, TensorType type, Precision precision) {
    return x.isFloat() ? fromFloat(x, type, precision) : fromInteger(x, type, precision);
  }

  private static Tensor fromFloat(Tensor x, TensorType type, Precision precision) {
    if (type.dtype().isFloat()) {
      return Tensor.rounded(type, x.doubles().clone(), precision);
    }
    long[] result = new long[x.size()];
    for (int i = 0; i < result.length; i++) {
      result[i] = toInteger(x.doubles()[i], type.dtype());
    }
    return Tensor.ofLongs(type, result);
  }

  /// The integer or bool of `dtype` that `x` is converted to.
  public static long toInteger(double x, DType dtype) {
    return switch (dtype) {
      case I1 -> x != 0 ? 1 : 0;
      case I8, I32, I64 -> {
        long bound = 1L << (dtype.bits() - 1);
        // Java's own conversion truncates, saturates at 64 bits and gives 0 for NaN.
        yield Math.clamp((long) x, dtype == DType.I64 ? bound : -bound, bound - 1);
      }
      case UI8, UI32 -> Math.clamp((long) x, 0, (1L << dtype.bits()) - 1);
      case UI64 -> toUnsigned64(x);
      case BF16, F16, F32, F64 -> throw new IllegalStateException(dtype + " is no integer");
    };
  }

  private static long toUnsigned64(double x) {
    if (x >= 2 * TWO_TO_63) {
      return -1;
    }
    return x >= TWO_TO_63 ? (long) (x - TWO_TO_63) ^ Long.MIN_VALUE : Math.max((long) x, 0);
  }

  private static Tensor fromInteger(Tensor x, TensorType type, Precision precision) {
    Tensor result = Tensor.zeros(type);
    for (int i = 0; i < x.size(); i++) {
      if (type.dtype().isFloat()) {
        result.doubles()[i] = toFloat(x.dtype(), x.longs()[i], type.dtype(), precision);
      } else {
        result.longs()[i] = type.dtype().wrap(x.longs()[i]);
      }
    }
    return result;
  }

  /// The value of float type `to` that integer or bool `x` of `from` is converted to.
  public static double toFloat(DType from, long x, DType to) {
    return toFloat(from, x, to, Precision.DECLARED);
  }

  /// Rounds once: a 64-bit integer on its way to a narrower float keeps its low bits as one sticky
  /// bit, so that the step through double is exact.
  private static double toFloat(DType from, long x, DType to, Precision precision) {
    long value = x;
    boolean large = (from == DType.UI64 && x < 0) || Math.abs(x) >= 1L << 53 || x == Long.MIN_VALUE;
    if (large && to != DType.F64 && precision == Precision.DECLARED) {
      long low = 0xFFF;
      value = (x & low) == 0 ? x : (x & ~low) | ((low + 1) >> 1);
    }
    boolean beyondLong = from == DType.UI64 && value < 0;
    double wide = beyondLong ? ((value >>> 1) | (value & 1)) * 2.0 : value;
    return precision.round(to, wide);
  }

  /// Reinterprets bits; the operand is rounded to its declared dtype first.
  static Tensor bitcast(Tensor x, TensorType type) {
    Tensor result = Tensor.zeros(type);
    for (int i = 0; i < x.size(); i++) {
      long bits = x.isFloat() ? bits(x.dtype(), x.doubles()[i]) : x.longs()[i];
      if (result.isFloat()) {
        result.doubles()[i] = ofBits(type.dtype(), bits);
      } else {
        result.longs()[i] = type.dtype().wrap(bits);
      }
    }
    return result;
  }

  private static long bits(DType dtype, double x) {
    return switch (dtype) {
      case F64 -> Double.doubleToRawLongBits(x);
      case F32 -> Float.floatToRawIntBits((float) x);
      case BF16 -> Bf16.fromDouble(x);
      case F16 -> Float.floatToFloat16((float) dtype.round(x));
      case I1, I8, I32, I64, UI8, UI32, UI64 -> throw new IllegalStateException(dtype.text());
    };
  }

  private static double ofBits(DType dtype, long bits) {
    return switch (dtype) {
      case F64 -> Double.longBitsToDouble(bits);
      case F32 -> Float.intBitsToFloat((int) bits);
      case BF16 -> Bf16.toFloat((short) bits);
      case F16 -> Float.float16ToFloat((short) bits);
      case I1, I8, I32, I64, UI8, UI32, UI64 -> throw new IllegalStateException(dtype.text());
    };
  }
}
