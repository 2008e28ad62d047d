package jaxon.runtime.cpu.loop;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/// Functions of vectors for generated code; each is small enough to be inlined into a loop.
public final class LaneMath {
  /// From here on every float is an integer.
  private static final float INTEGERS = 0x1p23f;

  private LaneMath() {}

  /// Rounds to bfloat16, to nearest even; NaN stays NaN.
  public static FloatVector bf16(FloatVector x) {
    IntVector bits = x.reinterpretAsInts();
    IntVector even = bits.lanewise(VectorOperators.LSHR, 16).and(1);
    IntVector rounded = bits.add(even).add(0x7FFF).and(0xFFFF_0000);
    VectorMask<Float> nan = x.compare(VectorOperators.NE, x);
    return rounded.reinterpretAsFloats().blend(Float.NaN, nan);
  }

  public static FloatVector toFloat(IntVector x) {
    return (FloatVector) x.convert(VectorOperators.I2F, 0);
  }

  public static FloatVector unsignedToFloat(IntVector x) {
    FloatVector high = toFloat(x.lanewise(VectorOperators.LSHR, 16));
    FloatVector low = toFloat(x.and(0xFFFF));
    return high.fma(low.broadcast(0x1p16f), low);
  }

  /// Truncates, saturates; NaN gives 0.
  public static IntVector toInt(FloatVector x) {
    return (IntVector) x.convert(VectorOperators.F2I, 0);
  }

  /// As [#toInt] to the range of `ui32`.
  public static IntVector toUnsigned(FloatVector x) {
    IntVector low = toInt(x.max(0f));
    IntVector high = toInt(x.sub(0x1p31f)).add(Integer.MIN_VALUE);
    return low.blend(high, x.compare(VectorOperators.GE, 0x1p31f).cast(low.species()));
  }

  /// An integer that fits a float exactly and rounds to the same bfloat16: of large ones the low
  /// byte is folded into one bit.
  public static IntVector sticky(IntVector x, boolean unsigned) {
    IntVector magnitude = unsigned ? x : x.abs();
    IntVector low = x.and(0xFF);
    IntVector bit = low.lanewise(VectorOperators.UMIN, 1).lanewise(VectorOperators.LSHL, 7);
    VectorMask<Integer> large = magnitude.compare(VectorOperators.UGE, 1 << 24);
    return x.blend(x.and(~0xFF).or(bit), large);
  }

  public static IntVector shiftLeft(IntVector x, IntVector by) {
    return x.lanewise(VectorOperators.LSHL, by).blend(0, by.compare(VectorOperators.UGE, 32));
  }

  public static IntVector shiftRightLogical(IntVector x, IntVector by) {
    return x.lanewise(VectorOperators.LSHR, by).blend(0, by.compare(VectorOperators.UGE, 32));
  }

  public static IntVector shiftRightArithmetic(IntVector x, IntVector by) {
    return x.lanewise(VectorOperators.ASHR, by.lanewise(VectorOperators.UMIN, 31));
  }

  /// To the nearest integer, ties to even: adding and subtracting 2²³ leaves no fraction bits.
  public static FloatVector round(FloatVector x) {
    IntVector sign = x.reinterpretAsInts().and(Integer.MIN_VALUE);
    FloatVector magnitude = x.abs();
    FloatVector whole = magnitude.add(INTEGERS).sub(INTEGERS);
    FloatVector signed = whole.reinterpretAsInts().or(sign).reinterpretAsFloats();
    return signed.blend(x, magnitude.compare(VectorOperators.LT, INTEGERS).not());
  }

  public static FloatVector floor(FloatVector x) {
    FloatVector near = round(x);
    return near.sub(1f, near.compare(VectorOperators.GT, x));
  }

  public static FloatVector ceil(FloatVector x) {
    return floor(x.neg()).neg();
  }

  /// NaN gives NaN, and a zero keeps its sign.
  public static FloatVector sign(FloatVector x) {
    IntVector sign = x.reinterpretAsInts().and(Integer.MIN_VALUE);
    FloatVector one = sign.or(Float.floatToRawIntBits(1f)).reinterpretAsFloats();
    return x.blend(one, x.abs().compare(VectorOperators.GT, 0f));
  }

  public static FloatVector rsqrt(FloatVector x) {
    return x.broadcast(1f).div(x.sqrt());
  }

  /// IEEE 754 `pow`: 1 to anything is 1, and so is -1 to the infinities.
  public static FloatVector pow(FloatVector x, FloatVector y) {
    VectorMask<Float> infinite = y.abs().compare(VectorOperators.EQ, Float.POSITIVE_INFINITY);
    VectorMask<Float> one =
        x.compare(VectorOperators.EQ, 1f)
            .or(x.compare(VectorOperators.EQ, -1f).and(infinite));
    return x.lanewise(VectorOperators.POW, y).blend(1f, one);
  }

  public static FloatVector cos(FloatVector x) {
    return x.lanewise(VectorOperators.COS);
  }

  public static FloatVector sin(FloatVector x) {
    return x.lanewise(VectorOperators.SIN);
  }

  public static FloatVector exp(FloatVector x) {
    return x.lanewise(VectorOperators.EXP);
  }

  public static FloatVector expm1(FloatVector x) {
    return x.lanewise(VectorOperators.EXPM1);
  }

  public static FloatVector log(FloatVector x) {
    return x.lanewise(VectorOperators.LOG);
  }

  public static FloatVector log1p(FloatVector x) {
    return x.lanewise(VectorOperators.LOG1P);
  }

  public static FloatVector logistic(FloatVector x) {
    return x.broadcast(1f).div(exp(x.neg()).add(1f));
  }

  public static FloatVector tanh(FloatVector x) {
    return x.lanewise(VectorOperators.TANH);
  }

  public static FloatVector erf(FloatVector x) {
    return x;
  }
}
