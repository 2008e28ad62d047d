package jaxon.trainer.metrics;

import java.util.Locale;

/// Writes quantities for people: `1.2k`, `845 ms`, `1m 40s`. Digits are for reading, not for
/// parsing.
final class HumanUnits {
  private static final String UNKNOWN = "--";
  private static final String[] THOUSANDS = {"", "k", "M", "G", "T", "P", "E"};

  private HumanUnits() {}

  /// A count or rate with at most three digits and a decimal prefix: `7`, `3.4`, `845`, `1.2k`,
  /// `51.5G`.
  static String count(double value) {
    if (!Double.isFinite(value)) {
      return UNKNOWN;
    }
    double scaled = Math.abs(value);
    int prefix = 0;
    // 999.5 would be rounded to four digits.
    while (scaled >= 999.5 && prefix < THOUSANDS.length - 1) {
      scaled /= 1000;
      prefix++;
    }
    boolean whole = scaled >= 99.95 || (prefix == 0 && scaled == Math.rint(scaled));
    String digits = String.format(Locale.ROOT, whole ? "%.0f" : "%.1f", scaled);
    return (value < 0 ? "-" : "") + digits + THOUSANDS[prefix];
  }

  /// A time that is measured: `250 us`, `8.4 ms`, `845 ms`, `1.23 s`, `12.3 s`, then as
  /// [#duration].
  static String time(double seconds) {
    if (!Double.isFinite(seconds) || seconds < 0) {
      return UNKNOWN;
    }
    if (seconds < 0.9995e-3) {
      return String.format(Locale.ROOT, "%.0f us", seconds * 1e6);
    }
    if (seconds < 9.95e-3) {
      return String.format(Locale.ROOT, "%.1f ms", seconds * 1e3);
    }
    if (seconds < 0.9995) {
      return String.format(Locale.ROOT, "%.0f ms", seconds * 1e3);
    }
    if (seconds < 9.995) {
      return String.format(Locale.ROOT, "%.2f s", seconds);
    }
    return seconds < 59.95 ? String.format(Locale.ROOT, "%.1f s", seconds) : duration(seconds);
  }

  /// A span in its two largest units, rounded to a second: `40s`, `1m 40s`, `2h 05m`, `3d 04h`.
  static String duration(double seconds) {
    if (!Double.isFinite(seconds) || seconds < 0) {
      return UNKNOWN;
    }
    long whole = Math.round(seconds);
    if (whole < 60) {
      return whole + "s";
    }
    if (whole < 3600) {
      return String.format(Locale.ROOT, "%dm %02ds", whole / 60, whole % 60);
    }
    long minutes = whole / 60;
    if (minutes < 24 * 60) {
      return String.format(Locale.ROOT, "%dh %02dm", minutes / 60, minutes % 60);
    }
    return String.format(Locale.ROOT, "%dd %02dh", minutes / (24 * 60), minutes / 60 % 24);
  }

  /// A loss: four digits after the point, or an exponent where these would say nothing.
  static String loss(double value) {
    double size = Math.abs(value);
    boolean plain = Double.isNaN(value) || size == 0 || (size >= 1e-3 && size < 1e5);
    return String.format(Locale.ROOT, plain || Double.isInfinite(value) ? "%.4f" : "%.3e", value);
  }
}
