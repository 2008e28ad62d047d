package jaxon.xla;

import java.util.ArrayList;
import java.util.List;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;

/// How far floats may be away from what was expected, in units in the last place of their dtype.
/// Integers must be equal.
///
/// @param ulps the units
/// @param ofLargest whether the units are those of the largest expected value (for sums, whose
///     terms cancel) rather than of each value
record Tolerance(double ulps, boolean ofLargest) {
  static final Tolerance EXACT = each(0);

  static Tolerance each(double ulps) {
    return new Tolerance(ulps, false);
  }

  static Tolerance ofLargest(double ulps) {
    return new Tolerance(ulps, true);
  }

  /// The first difference of each result, in words.
  List<String> differences(List<Literal> expected, List<Literal> found) {
    List<String> differences = new ArrayList<>();
    for (int i = 0; i < expected.size(); i++) {
      Literal wanted = expected.get(i);
      double largest = largest(wanted);
      for (long at = 0; at < wanted.type().shape().elements(); at++) {
        if (!same(wanted, found.get(i), at, largest)) {
          differences.add(
              "result %d[%d]: %s against %s"
                  .formatted(i, at, text(wanted, at), text(found.get(i), at)));
          break;
        }
      }
    }
    return differences;
  }

  private boolean same(Literal expected, Literal found, long at, double largest) {
    DType dtype = expected.type().dtype();
    if (!dtype.isFloat()) {
      return expected.getLong(at) == found.getLong(at);
    }
    double x = expected.get(at);
    double y = found.get(at);
    if (x == y || (Double.isNaN(x) && Double.isNaN(y))) {
      return true;
    }
    // XLA on the CPU gives zero for subnormal results.
    if (Math.abs(x) < Math.scalb(1.0, minExponent(dtype)) && y == 0) {
      return true;
    }
    double distance = Math.abs(x - y);
    return distance <= ulps * ulp(dtype, ofLargest ? largest : x)
        && !Double.isInfinite(distance);
  }

  private static String text(Literal literal, long at) {
    return literal.type().dtype().isFloat()
        ? Double.toString(literal.get(at))
        : Long.toString(literal.getLong(at));
  }

  private static double largest(Literal literal) {
    double largest = 0;
    for (long i = 0; i < literal.type().shape().elements(); i++) {
      double x = Math.abs(literal.get(i));
      largest = Double.isFinite(x) ? Math.max(largest, x) : largest;
    }
    return largest;
  }

  /// Distance of neighbouring floats near `x`.
  private static double ulp(DType dtype, double x) {
    int digits =
        switch (dtype) {
          case BF16 -> 7;
          case F16 -> 10;
          case F32 -> 23;
          case F64 -> 52;
          case I1, I8, I32, I64, UI8, UI32, UI64 -> throw new IllegalArgumentException(dtype + "");
        };
    return Math.scalb(1.0, Math.max(minExponent(dtype), Math.getExponent(x)) - digits);
  }

  private static int minExponent(DType dtype) {
    return switch (dtype) {
      case BF16, F32 -> -126;
      case F16 -> -14;
      case F64 -> -1022;
      case I1, I8, I32, I64, UI8, UI32, UI64 -> throw new IllegalArgumentException(dtype + "");
    };
  }
}
