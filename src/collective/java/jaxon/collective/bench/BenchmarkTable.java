package jaxon.collective.bench;

import java.util.List;

/// Rows as text.
public final class BenchmarkTable {
  private BenchmarkTable() {}

  /// One line for each row, under a heading.
  public static String text(List<BenchmarkRow> rows) {
    StringBuilder text = new StringBuilder();
    text.append(
        "%-22s %14s %14s %12s %10s %10s%n"
            .formatted("collective", "bytes", "elements", "time us", "algbw GB/s", "busbw GB/s"));
    for (BenchmarkRow row : rows) {
      text.append(
          "%-22s %,14d %,14d %12.1f %10.3f %10.3f%n"
              .formatted(
                  row.kind(),
                  row.bytes(),
                  row.count(),
                  row.microseconds(),
                  row.algorithmBandwidth(),
                  row.busBandwidth()));
    }
    return text.toString();
  }
}
