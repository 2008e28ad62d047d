package jaxon.runtime.cpu.loop;

/// The error function of single elements, to about 1e-15.
///
/// Formulas: Abramowitz and Stegun, "Handbook of Mathematical Functions", 1964: the series 7.1.6
/// below 2.5, the continued fraction 7.1.14 of the complement above.
final class ErrorFunction {
  private static final double SERIES_BELOW = 2.5;
  private static final int FRACTION_TERMS = 80;

  private ErrorFunction() {}

  static double of(double x) {
    double magnitude = Math.abs(x);
    if (Double.isNaN(x)) {
      return x;
    }
    if (magnitude > 6) {
      return Math.copySign(1, x);
    }
    return magnitude < SERIES_BELOW ? series(x) : Math.copySign(1 - complement(magnitude), x);
  }

  private static double series(double x) {
    double term = x;
    double sum = x;
    double n = 1;
    while (Math.abs(term) > Math.abs(sum) * 1e-18) {
      term *= x * x / (n + 0.5);
      sum += term;
      n++;
    }
    return sum * 2 / Math.sqrt(Math.PI) * Math.exp(-x * x);
  }

  private static double complement(double x) {
    double fraction = x;
    for (int n = FRACTION_TERMS; n >= 1; n--) {
      fraction = x + 0.5 * n / fraction;
    }
    return Math.exp(-x * x) / (fraction * Math.sqrt(Math.PI));
  }
}
