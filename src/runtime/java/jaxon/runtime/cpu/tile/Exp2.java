package jaxon.runtime.cpu.tile;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/// 2^x for vectors of exponents of at most a few, with few operations.
///
/// x = n + f with n whole and |f| ≤ 1/2; 2^f is a polynomial with the least relative error among
/// those that are 1 at 0, and 2^n is made of its bits. Below -127 the result is exactly 0.
public final class Exp2 {
  /// Adding it leaves the whole part of x, plus 127, in the low bits: 1.5 · 2^23 + 127.
  private static final float ROUNDER = 12_583_039f;

  private static final int MANTISSA_BITS = 23;
  private static final int LOWEST = Float.floatToRawIntBits(-127f);

  private Exp2() {}

  /// Relative error 3e-6: for results that are rounded to bf16.
  public static FloatVector coarse(FloatVector x) {
    FloatVector low = atLeastLowest(x);
    FloatVector rounded = low.add(ROUNDER);
    FloatVector f = low.sub(rounded.sub(ROUNDER));
    FloatVector y =
        f.fma(0.009582853f, 0.055906426f)
            .fma(f, f.broadcast(0.24024099f))
            .fma(f, f.broadcast(0.6931242f))
            .fma(f, f.broadcast(1f));
    return y.mul(power(rounded));
  }

  /// Relative error 1e-7.
  public static FloatVector fine(FloatVector x) {
    FloatVector low = atLeastLowest(x);
    FloatVector rounded = low.add(ROUNDER);
    FloatVector f = low.sub(rounded.sub(ROUNDER));
    FloatVector y =
        f.fma(0.0013264727f, 0.009671513f)
            .fma(f, f.broadcast(0.055507336f))
            .fma(f, f.broadcast(0.24022242f))
            .fma(f, f.broadcast(0.693147f))
            .fma(f, f.broadcast(1f));
    return y.mul(power(rounded));
  }

  /// max(x, -127) for x that are not large and positive: as unsigned numbers, the bits of negative
  /// floats grow with their magnitude and are above those of positive ones. One instruction, where
  /// a float maximum that respects NaN takes five.
  private static FloatVector atLeastLowest(FloatVector x) {
    return x.reinterpretAsInts().lanewise(VectorOperators.UMIN, LOWEST).reinterpretAsFloats();
  }

  private static FloatVector power(FloatVector rounded) {
    return rounded
        .reinterpretAsInts()
        .lanewise(VectorOperators.LSHL, MANTISSA_BITS)
        .reinterpretAsFloats();
  }
}
