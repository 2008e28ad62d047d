package jaxon.graph.interpret;

/// The error function in double precision, to about 1e-15.
///
/// Formulas: Abramowitz and Stegun, "Handbook of Mathematical Functions", 1964: the series 7.1.6,
/// whose terms all have one sign, below 2, and the continued fraction 7.1.14 of the complement
/// above.
final class Erf {
  private static final double SERIES_BELOW = 2;
  private static final int FRACTION_TERMS = 120;

  private Erf() {}

  static double of(double x) {
    double magnitude = Math.abs(x);
    if (Double.isNaN(x)) {
      return x;
    }
    return magnitude < SERIES_BELOW ? series(x) : Math.copySign(1 - complement(magnitude), x);
  }

  /// 2/sqrt(pi) · exp(-x²) · sum of 2ⁿ x²ⁿ⁺¹ / (1 · 3 · … · (2n + 1)).
  private static double series(double x) {
    double term = x;
    double sum = x;
    for (int n = 1; Math.abs(term) > Math.abs(sum) * 1e-18; n++) {
      term *= 2 * x * x / (2 * n + 1);
      sum += term;
    }
    return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
  }

  /// exp(-x²)/sqrt(pi) · 1/(x + (1/2)/(x + 1/(x + (3/2)/(x + 2/(x + …))))).
  private static double complement(double x) {
    double fraction = x;
    for (int n = FRACTION_TERMS; n >= 1; n--) {
      fraction = x + n / 2.0 / fraction;
    }
    return Math.exp(-x * x) / (Math.sqrt(Math.PI) * fraction);
  }
}
