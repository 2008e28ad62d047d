package jaxon.graph.type;

/// Conversion between bfloat16 bit patterns and wider floats.
///
/// bfloat16 is the upper half of an IEEE 754 binary32: 8 exponent bits, 7 mantissa bits.
public final class Bf16 {
  private Bf16() {}

  /// The float with the same value as the bfloat16 bits; exact.
  public static float toFloat(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }

  /// Rounds to nearest, ties to even; NaN stays NaN (quiet), overflow goes to infinity.
  public static short fromFloat(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) ((bits >>> 16) | 0x40);
    }
    int roundingBias = 0x7FFF + ((bits >>> 16) & 1);
    return (short) ((bits + roundingBias) >>> 16);
  }

  /// Rounds a double once: to-odd into float first, so that no double rounding occurs.
  public static short fromDouble(double value) {
    return fromFloat(F16Rounding.toFloatRoundToOdd(value));
  }
}
