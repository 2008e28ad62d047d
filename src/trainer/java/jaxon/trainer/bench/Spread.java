package jaxon.trainer.bench;

import java.util.Arrays;
import java.util.List;

/// Median, smallest and largest of repeated measurements.
public record Spread(double median, double min, double max) {
  /// Of at least one value.
  public static Spread of(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
    if (sorted.length == 0) {
      throw new IllegalArgumentException("no measurements");
    }
    Arrays.sort(sorted);
    int last = sorted.length - 1;
    return new Spread((sorted[last / 2] + sorted[(last + 1) / 2]) / 2, sorted[0], sorted[last]);
  }
}
