package jaxon.graph.type;

/// Single rounding from double to the 16-bit floats.
///
/// Rounding a double to float and then to 16 bits can round twice; rounding to odd in the first
/// step avoids it (Boldo and Melquiond, "Emulation of a FMA and correctly rounded sums", 2008).
final class F16Rounding {
  private F16Rounding() {}

  static short fromDouble(double value) {
    return Float.floatToFloat16(toFloatRoundToOdd(value));
  }

  static float toFloatRoundToOdd(double value) {
    float nearest = (float) value;
    if (nearest == value || Double.isNaN(value) || Float.isInfinite(nearest)) {
      return nearest;
    }
    int bits = Float.floatToRawIntBits(nearest);
    if ((bits & 1) == 1) {
      return nearest;
    }
    boolean roundedAway = Math.abs((double) nearest) > Math.abs(value);
    return Float.intBitsToFloat(roundedAway ? bits - 1 : bits + 1);
  }
}
