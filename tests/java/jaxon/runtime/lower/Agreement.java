package jaxon.runtime.lower;

import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;

/// Compares results with those of the interpreter, element by element.
final class Agreement {
  private Agreement() {}

  /// A description of the first element that differs, or an empty string.
  ///
  /// Floats may differ by a few units of their precision, relative to the larger of 1 and the
  /// value.
  static String difference(Literal expected, Literal found) {
    return difference(expected, found, tolerance(expected.type().dtype()));
  }

  static String difference(Literal expected, Literal found, double tolerance) {
    if (!expected.type().equals(found.type())) {
      return "type " + found.type() + " instead of " + expected.type();
    }
    for (long i = 0; i < expected.type().shape().elements(); i++) {
      if (!same(expected, found, i, tolerance)) {
        return "element %d of %s is %s instead of %s"
            .formatted(i, expected.type(), found.get(i), expected.get(i));
      }
    }
    return "";
  }

  private static boolean same(Literal expected, Literal found, long i, double tolerance) {
    if (!expected.type().dtype().isFloat()) {
      return expected.getLong(i) == found.getLong(i);
    }
    double e = expected.get(i);
    double f = found.get(i);
    return Double.compare(e, f) == 0 || Math.abs(e - f) <= tolerance * Math.max(1, Math.abs(e));
  }

  /// One unit in the last place of the 16-bit types, several of the others.
  static double tolerance(DType dtype) {
    return switch (dtype) {
      case BF16 -> 0x1p-8;
      case F16 -> 0x1p-11;
      case F32 -> 4e-6;
      case F64 -> 1e-13;
      case I1, I8, I32, I64, UI8, UI32, UI64 -> 0;
    };
  }
}
