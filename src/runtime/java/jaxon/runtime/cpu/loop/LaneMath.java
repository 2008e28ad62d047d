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
    FloatVector magnitude = x.abs();
    FloatVector signed = withSign(magnitude.add(INTEGERS).sub(INTEGERS), x);
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
    return x.blend(withSign(x.broadcast(1f), x), x.abs().compare(VectorOperators.GT, 0f));
  }

  public static FloatVector rsqrt(FloatVector x) {
    return x.broadcast(1f).div(x.sqrt());
  }

  /// IEEE 754 `pow`: 1 to anything is 1, and so is -1 to the infinities.
  public static FloatVector pow(FloatVector x, FloatVector y) {
    VectorMask<Float> infinite = y.abs().compare(VectorOperators.EQ, Float.POSITIVE_INFINITY);
    VectorMask<Float> one =
        x.compare(VectorOperators.EQ, 1f).or(x.compare(VectorOperators.EQ, -1f).and(infinite));
    return x.lanewise(VectorOperators.POW, y).blend(1f, one);
  }

  public static FloatVector cos(FloatVector x) {
    return x.lanewise(VectorOperators.COS);
  }

  public static FloatVector sin(FloatVector x) {
    return x.lanewise(VectorOperators.SIN);
  }

  /// e to the `x`, within 2 ulp, subnormal results included.
  ///
  /// x = k·ln 2 + r with |r| <= ln 2 / 2, e^r = 1 + r + r²·P(r), P of degree 4 by Remez's exchange
  /// (relative error 2^-28). Adding 1.5·2²³ leaves k in the low bits, so that a shift of those bits
  /// is k in the place of the exponent.
  public static FloatVector exp(FloatVector x) {
    FloatVector power = expBelowOverflow(x);
    return power.blend(Float.POSITIVE_INFINITY, x.compare(VectorOperators.GT, 88.72283f));
  }

  private static FloatVector expBelowOverflow(FloatVector x) {
    FloatVector shifted = x.fma(x.broadcast(1.442695f), x.broadcast(0x1.8p23f));
    FloatVector k = shifted.sub(0x1.8p23f);
    // ln 2 in two parts, the first with zeros at its end.
    FloatVector r = k.fma(x.broadcast(-0x1.62e4p-1f), x);
    r = k.fma(x.broadcast(-0x1.7f7d1cp-20f), r);
    FloatVector p = r.fma(x.broadcast(0x1.6a23c8p-10f), x.broadcast(0x1.123a20p-7f));
    p = p.fma(r, x.broadcast(0x1.5558f4p-5f));
    p = p.fma(r, x.broadcast(0x1.555492p-3f));
    p = p.fma(r, x.broadcast(0x1.fffffcp-2f));
    p = p.fma(r.mul(r), r).add(1f);
    // Small results are computed 2^64 times too large: a subnormal must be rounded once.
    VectorMask<Float> small = x.compare(VectorOperators.LT, -80f);
    IntVector exponent = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
    IntVector scaled = p.reinterpretAsInts().add(exponent);
    scaled = scaled.add(64 << 23, small.cast(scaled.species()));
    FloatVector power = scaled.reinterpretAsFloats();
    power = power.mul(0x1p-64f, small);
    return power.blend(0f, x.compare(VectorOperators.LT, -104f));
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

  /// 1 / (1 + e^-x), by the power of -|x|, which does not overflow.
  public static FloatVector logistic(FloatVector x) {
    FloatVector power = expBelowOverflow(x.abs().neg());
    FloatVector one = x.broadcast(1f);
    FloatVector numerator = power.blend(one, x.compare(VectorOperators.GT, 0f));
    return numerator.div(power.add(one));
  }

  /// Below 0.625 x + x³·P(x²), P of degree 4 by Remez's exchange (relative error 2^-28), above
  /// 1 - 2/(e^2|x| + 1).
  public static FloatVector tanh(FloatVector x) {
    FloatVector magnitude = x.abs();
    FloatVector power = expBelowOverflow(magnitude.mul(-2f));
    FloatVector large = power.broadcast(1f).sub(power).div(power.add(1f));
    FloatVector square = x.mul(x);
    FloatVector p = square.fma(x.broadcast(-0x1.76ac2p-8f), x.broadcast(0x1.5256d8p-6f));
    p = p.fma(square, x.broadcast(-0x1.b8444ap-5f));
    p = p.fma(square, x.broadcast(0x1.110768p-3f));
    p = p.fma(square, x.broadcast(-0x1.555534p-2f));
    FloatVector small = p.fma(square.mul(magnitude), magnitude);
    FloatVector result = small.blend(large, magnitude.compare(VectorOperators.GT, 0.625f));
    return withSign(result, x);
  }

  /// Below 1 x·P(x²), P of degree 6, above 1 - e^Q(|x|), Q of degree 8, both by Remez's exchange
  /// (error 2^-29 and 2^-35).
  public static FloatVector erf(FloatVector x) {
    FloatVector magnitude = x.abs();
    FloatVector square = x.mul(x);
    FloatVector p = square.fma(x.broadcast(0x1.4969f6p-14f), x.broadcast(-0x1.a3f6e8p-11f));
    p = p.fma(square, x.broadcast(0x1.5405aep-8f));
    p = p.fma(square, x.broadcast(-0x1.b7f90cp-6f));
    p = p.fma(square, x.broadcast(0x1.ce2cf8p-4f));
    p = p.fma(square, x.broadcast(-0x1.81273ep-2f));
    p = p.fma(square, x.broadcast(0x1.20dd74p+0f));
    FloatVector small = p.mul(magnitude);
    FloatVector result =
        small.blend(
            x.broadcast(1f).sub(erfComplement(magnitude)),
            magnitude.compare(VectorOperators.GT, 1f));
    return withSign(result, x);
  }

  private static FloatVector erfComplement(FloatVector magnitude) {
    // From 4 on the complement is lost in rounding.
    FloatVector x = magnitude.min(4f);
    FloatVector q = x.fma(x.broadcast(0x1.0de53ap-22f), x.broadcast(-0x1.a8b82ap-16f));
    q = q.fma(x, x.broadcast(0x1.e651dp-12f));
    q = q.fma(x, x.broadcast(-0x1.18a696p-8f));
    q = q.fma(x, x.broadcast(0x1.9fb878p-6f));
    q = q.fma(x, x.broadcast(-0x1.bcfc44p-4f));
    q = q.fma(x, x.broadcast(-0x1.441dc4p-1f));
    q = q.fma(x, x.broadcast(-0x1.21317ap+0f));
    q = q.fma(x, x.broadcast(0x1.ac934p-13f));
    return expBelowOverflow(q);
  }

  private static FloatVector withSign(FloatVector magnitude, FloatVector x) {
    IntVector sign = x.reinterpretAsInts().and(Integer.MIN_VALUE);
    return magnitude.reinterpretAsInts().or(sign).reinterpretAsFloats();
  }
}
