package jaxon.runtime.cpu.loop;

/// Java spellings of numbers.
final class Spelling {
  private Spelling() {}

  static String of(double value) {
    if (Double.isNaN(value)) {
      return "Double.NaN";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "Double.POSITIVE_INFINITY" : "Double.NEGATIVE_INFINITY";
    }
    return Double.toString(value);
  }

  /// A `float`.
  static String of(float value) {
    if (Float.isNaN(value)) {
      return "Float.NaN";
    }
    if (Float.isInfinite(value)) {
      return value > 0 ? "Float.POSITIVE_INFINITY" : "Float.NEGATIVE_INFINITY";
    }
    return value + "f";
  }

  static String of(long value) {
    return value == Long.MIN_VALUE ? "Long.MIN_VALUE" : value + "L";
  }

  /// An `int` with the low bits of `value`.
  static String ofInt(long value) {
    int low = (int) value;
    return low == Integer.MIN_VALUE ? "Integer.MIN_VALUE" : Integer.toString(low);
  }
}
