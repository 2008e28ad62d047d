package jaxon.collective.bench;

import java.util.Arrays;

/// How long single calls take, in microseconds.
public record Latency(double p50, double p99, int calls) {
  static Latency of(long[] nanos) {
    long[] sorted = nanos.clone();
    Arrays.sort(sorted);
    return new Latency(at(sorted, 50) / 1e3, at(sorted, 99) / 1e3, sorted.length);
  }

  /// The smallest value that `percent` of all do not exceed.
  private static long at(long[] sorted, int percent) {
    int index = (int) Math.ceilDiv((long) sorted.length * percent, 100L) - 1;
    return sorted[Math.max(0, index)];
  }
}
