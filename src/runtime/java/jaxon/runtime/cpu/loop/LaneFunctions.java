package jaxon.runtime.cpu.loop;

/// Functions of vectors as source text: generated loops hold their bodies in place.
///
/// They are no methods, because the JVM's compiler stops inlining methods of ours in a large loop,
/// and a vector that is passed to a method is an object. In the texts `F`, `I` and `H` are the
/// species of floats, ints and of as many shorts, and `#name(…)` is another of these functions.
final class LaneFunctions {
  /// Between dtypes.
  static final String CONVERSIONS =
      """
      /// The floats of bfloat16 bits.
      FloatVector widen(ShortVector bits) {
        IntVector wide = (IntVector) bits.convertShape(VectorOperators.ZERO_EXTEND_S2I, I, 0);
        return wide.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
      }
      /// The upper halves of floats: the bits of bfloat16.
      ShortVector narrow(FloatVector x) {
        IntVector high = x.reinterpretAsInts().lanewise(VectorOperators.LSHR, 16);
        return (ShortVector) high.convertShape(VectorOperators.I2S, H, 0);
      }
      /// Rounds to bfloat16, to nearest even; NaN stays NaN.
      FloatVector bf16(FloatVector x) {
        IntVector bits = x.reinterpretAsInts();
        IntVector even = bits.lanewise(VectorOperators.LSHR, 16).and(1);
        IntVector rounded = bits.add(even).add(0x7FFF).and(0xFFFF_0000);
        VectorMask<Float> nan = x.compare(VectorOperators.NE, x);
        return rounded.reinterpretAsFloats().blend(Float.NaN, nan);
      }
      FloatVector toFloat(IntVector x) {
        return (FloatVector) x.convertShape(VectorOperators.I2F, F, 0);
      }
      FloatVector unsignedToFloat(IntVector x) {
        FloatVector high = #toFloat(x.lanewise(VectorOperators.LSHR, 16));
        FloatVector low = #toFloat(x.and(0xFFFF));
        return high.fma(FloatVector.broadcast(F, 0x1p16f), low);
      }
      /// Truncates, saturates; NaN gives 0.
      IntVector toInt(FloatVector x) {
        return (IntVector) x.convertShape(VectorOperators.F2I, I, 0);
      }
      /// As [#toInt] to the range of `ui32`.
      IntVector toUnsigned(FloatVector x) {
        IntVector low = #toInt(x.max(0f));
        IntVector high = #toInt(x.sub(0x1p31f)).add(Integer.MIN_VALUE);
        return low.blend(high, x.compare(VectorOperators.GE, 0x1p31f).cast(I));
      }
      /// An integer that fits a float exactly and rounds to the same bfloat16: of large ones the low
      /// byte is folded into one bit.
      IntVector sticky(IntVector x, boolean unsigned) {
        IntVector magnitude = unsigned ? x : x.abs();
        IntVector low = x.and(0xFF);
        IntVector bit = low.lanewise(VectorOperators.UMIN, 1)
            .lanewise(VectorOperators.LSHL, 7);
        VectorMask<Integer> large = magnitude.compare(VectorOperators.UGE, 1 << 24);
        return x.blend(x.and(~0xFF).or(bit), large);
      }
      """;

  /// Few steps.
  static final String SIMPLE =
      """
      IntVector shiftLeft(IntVector x, IntVector by) {
        return x.lanewise(VectorOperators.LSHL, by).blend(0,
            by.compare(VectorOperators.UGE, 32));
      }
      IntVector shiftRightLogical(IntVector x, IntVector by) {
        return x.lanewise(VectorOperators.LSHR, by).blend(0,
            by.compare(VectorOperators.UGE, 32));
      }
      IntVector shiftRightArithmetic(IntVector x, IntVector by) {
        return x.lanewise(VectorOperators.ASHR, by.lanewise(VectorOperators.UMIN, 31));
      }
      /// To the nearest integer, ties to even: adding and subtracting 2²³ leaves no fraction bits.
      FloatVector round(FloatVector x) {
        FloatVector magnitude = x.abs();
        FloatVector signed = #withSign(magnitude.add(0x1p23f).sub(0x1p23f), x);
        return signed.blend(x, magnitude.compare(VectorOperators.LT, 0x1p23f).not());
      }
      FloatVector floor(FloatVector x) {
        FloatVector near = #round(x);
        return near.sub(1f, near.compare(VectorOperators.GT, x));
      }
      FloatVector ceil(FloatVector x) {
        return #floor(x.neg()).neg();
      }
      /// NaN gives NaN, and a zero keeps its sign.
      FloatVector sign(FloatVector x) {
        return x.blend(#withSign(FloatVector.broadcast(F, 1f), x), x.abs()
            .compare(VectorOperators.GT, 0f));
      }
      FloatVector rsqrt(FloatVector x) {
        return FloatVector.broadcast(F, 1f).div(x.sqrt());
      }
      /// IEEE 754 `pow`: 1 to anything is 1, and so is -1 to the infinities.
      FloatVector pow(FloatVector x, FloatVector y) {
        VectorMask<Float> infinite = y.abs().compare(VectorOperators.EQ,
            Float.POSITIVE_INFINITY);
        VectorMask<Float> one = x.compare(VectorOperators.EQ, 1f)
            .or(x.compare(VectorOperators.EQ, -1f).and(infinite));
        return #powByLane(x, y).blend(1f, one);
      }
      FloatVector withSign(FloatVector magnitude, FloatVector x) {
        IntVector sign = x.reinterpretAsInts().and(Integer.MIN_VALUE);
        return magnitude.reinterpretAsInts().or(sign).reinterpretAsFloats();
      }
      """;

  /// By polynomials.
  static final String SMOOTH =
      """
      /// e to the `x`, within 2 ulp, subnormal results included.
      ///
      /// x = k·ln 2 + r with |r| <= ln 2 / 2, e^r = 1 + r + r²·P(r), P of degree 4 by Remez's exchange
      /// (relative error 2^-28). Adding 1.5·2²³ leaves k in the low bits, so that a shift of those bits
      /// is k in the place of the exponent.
      FloatVector exp(FloatVector x) {
        FloatVector power = #expBelowOverflow(x);
        return power.blend(Float.POSITIVE_INFINITY, x.compare(VectorOperators.GT, 88.72283f));
      }
      FloatVector expBelowOverflow(FloatVector x) {
        FloatVector shifted = x.fma(FloatVector.broadcast(F, 1.442695f),
            FloatVector.broadcast(F, 0x1.8p23f));
        FloatVector k = shifted.sub(0x1.8p23f);
        // ln 2 in two parts, the first with zeros at its end.
        FloatVector r = k.fma(FloatVector.broadcast(F, -0x1.62e4p-1f), x);
        r = k.fma(FloatVector.broadcast(F, -0x1.7f7d1cp-20f), r);
        FloatVector p = r.fma(FloatVector.broadcast(F, 0x1.6a23c8p-10f),
            FloatVector.broadcast(F, 0x1.123a20p-7f));
        p = p.fma(r, FloatVector.broadcast(F, 0x1.5558f4p-5f));
        p = p.fma(r, FloatVector.broadcast(F, 0x1.555492p-3f));
        p = p.fma(r, FloatVector.broadcast(F, 0x1.fffffcp-2f));
        p = p.fma(r.mul(r), r).add(1f);
        // Small results are computed 2^64 times too large: a subnormal must be rounded once.
        VectorMask<Float> small = x.compare(VectorOperators.LT, -80f);
        IntVector exponent = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
        IntVector scaled = p.reinterpretAsInts().add(exponent);
        scaled = scaled.add(64 << 23, small.cast(I));
        FloatVector power = scaled.reinterpretAsFloats();
        power = power.mul(0x1p-64f, small);
        return power.blend(0f, x.compare(VectorOperators.LT, -104f));
      }
      /// 1 / (1 + e^-x), by the power of -|x|, which does not overflow.
      FloatVector logistic(FloatVector x) {
        FloatVector power = #expBelowOverflow(x.abs().neg());
        FloatVector one = FloatVector.broadcast(F, 1f);
        FloatVector numerator = power.blend(one, x.compare(VectorOperators.GT, 0f));
        return numerator.div(power.add(one));
      }
      /// Below 0.625 x + x³·P(x²), P of degree 4 by Remez's exchange (relative error 2^-28), above 1 -
      /// 2/(e^2|x| + 1).
      FloatVector tanh(FloatVector x) {
        FloatVector magnitude = x.abs();
        FloatVector power = #expBelowOverflow(magnitude.mul(-2f));
        FloatVector large = FloatVector.broadcast(F, 1f).sub(power).div(power.add(1f));
        FloatVector square = x.mul(x);
        FloatVector p = square.fma(FloatVector.broadcast(F, -0x1.76ac2p-8f),
            FloatVector.broadcast(F, 0x1.5256d8p-6f));
        p = p.fma(square, FloatVector.broadcast(F, -0x1.b8444ap-5f));
        p = p.fma(square, FloatVector.broadcast(F, 0x1.110768p-3f));
        p = p.fma(square, FloatVector.broadcast(F, -0x1.555534p-2f));
        FloatVector small = p.fma(square.mul(magnitude), magnitude);
        FloatVector result = small.blend(large, magnitude.compare(VectorOperators.GT,
            0.625f));
        return #withSign(result, x);
      }
      /// Below 1 x·P(x²), P of degree 6, above 1 - e^Q(|x|), Q of degree 8, both by Remez's exchange
      /// (error 2^-29 and 2^-35).
      FloatVector erf(FloatVector x) {
        FloatVector magnitude = x.abs();
        FloatVector square = x.mul(x);
        FloatVector p = square.fma(FloatVector.broadcast(F, 0x1.4969f6p-14f),
            FloatVector.broadcast(F, -0x1.a3f6e8p-11f));
        p = p.fma(square, FloatVector.broadcast(F, 0x1.5405aep-8f));
        p = p.fma(square, FloatVector.broadcast(F, -0x1.b7f90cp-6f));
        p = p.fma(square, FloatVector.broadcast(F, 0x1.ce2cf8p-4f));
        p = p.fma(square, FloatVector.broadcast(F, -0x1.81273ep-2f));
        p = p.fma(square, FloatVector.broadcast(F, 0x1.20dd74p+0f));
        FloatVector small = p.mul(magnitude);
        FloatVector result = small.blend(FloatVector.broadcast(F, 1f)
            .sub(#erfComplement(magnitude)), magnitude.compare(VectorOperators.GT, 1f));
        return #withSign(result, x);
      }
      FloatVector erfComplement(FloatVector magnitude) {
        // From 4 on the complement is lost in rounding.
        FloatVector x = magnitude.min(4f);
        FloatVector q = x.fma(FloatVector.broadcast(F, 0x1.0de53ap-22f),
            FloatVector.broadcast(F, -0x1.a8b82ap-16f));
        q = q.fma(x, FloatVector.broadcast(F, 0x1.e651dp-12f));
        q = q.fma(x, FloatVector.broadcast(F, -0x1.18a696p-8f));
        q = q.fma(x, FloatVector.broadcast(F, 0x1.9fb878p-6f));
        q = q.fma(x, FloatVector.broadcast(F, -0x1.bcfc44p-4f));
        q = q.fma(x, FloatVector.broadcast(F, -0x1.441dc4p-1f));
        q = q.fma(x, FloatVector.broadcast(F, -0x1.21317ap+0f));
        q = q.fma(x, FloatVector.broadcast(F, 0x1.ac934p-13f));
        return #expBelowOverflow(q);
      }
      """;

  private LaneFunctions() {}

  /// Functions that [Math] computes in double, for each of `lanes` on its own.
  ///
  /// The operators of the JDK's vectors for them run in native code once the JIT has compiled a
  /// loop, and by [Math] before: their bits would depend on when that is.
  static String byLane(int lanes) {
    return byLane("cos", "x", "Math.cos(x.lane(#))", lanes)
        + byLane("sin", "x", "Math.sin(x.lane(#))", lanes)
        + byLane("expm1", "x", "Math.expm1(x.lane(#))", lanes)
        + byLane("log", "x", "Math.log(x.lane(#))", lanes)
        + byLane("log1p", "x", "Math.log1p(x.lane(#))", lanes)
        + byLane("powByLane", "x, FloatVector y", "Math.pow(x.lane(#), y.lane(#))", lanes);
  }

  private static String byLane(String name, String parameters, String call, int lanes) {
    StringBuilder text = new StringBuilder();
    text.append("FloatVector ").append(name).append("(FloatVector ").append(parameters);
    text.append(") {\n  return x");
    for (int lane = 0; lane < lanes; lane++) {
      String value = call.replace("#", Integer.toString(lane));
      text.append(".withLane(").append(lane).append(", (float) ").append(value).append(")");
    }
    return text.append(";\n}\n").toString();
  }
}
