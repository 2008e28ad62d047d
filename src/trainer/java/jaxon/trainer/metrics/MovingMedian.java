package jaxon.trainer.metrics;

import java.util.Arrays;

/// The median of the latest values.
final class MovingMedian {
  private final double[] window;
  private long count;

  MovingMedian(int window) {
    if (window < 1) {
      throw new IllegalArgumentException("window must hold at least 1 value, found " + window);
    }
    this.window = new double[window];
  }

  void add(double value) {
    window[(int) (count++ % window.length)] = value;
  }

  /// The middle value, or the mean of the two middle ones; NaN if there is none.
  double value() {
    int size = (int) Math.min(count, window.length);
    if (size == 0) {
      return Double.NaN;
    }
    double[] sorted = Arrays.copyOf(window, size);
    Arrays.sort(sorted);
    return (sorted[(size - 1) / 2] + sorted[size / 2]) / 2;
  }
}
