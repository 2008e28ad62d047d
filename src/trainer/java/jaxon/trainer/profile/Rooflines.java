package jaxon.trainer.profile;

import java.util.List;
import java.util.function.ToDoubleFunction;
import jaxon.config.FloatType;

/// What the machine can do at most, measured: no step can be faster than these allow.
///
/// @param float32Gflops best rate of large float32 matrix products, 10^9 FLOP/s
/// @param bfloat16Gflops the same for bfloat16
/// @param copyGbs bytes read and written by a copy of memory too large for caches, 10^9 B/s
public record Rooflines(double float32Gflops, double bfloat16Gflops, double copyGbs) {
  /// The rate that products of `dtype` are held against; for float64 half of float32's, since a
  /// vector holds half as many.
  public double gemmGflops(FloatType dtype) {
    return switch (dtype) {
      case FLOAT32 -> float32Gflops;
      case BFLOAT16 -> bfloat16Gflops;
      case FLOAT64 -> float32Gflops / 2;
    };
  }

  /// The median of each number over several measurements, at least one.
  public static Rooflines median(List<Rooflines> measured) {
    return new Rooflines(
        median(measured, Rooflines::float32Gflops),
        median(measured, Rooflines::bfloat16Gflops),
        median(measured, Rooflines::copyGbs));
  }

  private static double median(List<Rooflines> measured, ToDoubleFunction<Rooflines> number) {
    double[] sorted = measured.stream().mapToDouble(number).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /// Largest relative difference of a number to the one in `other`.
  public double moved(Rooflines other) {
    return Math.max(
        Math.max(
            change(float32Gflops, other.float32Gflops),
            change(bfloat16Gflops, other.bfloat16Gflops)),
        change(copyGbs, other.copyGbs));
  }

  private static double change(double a, double b) {
    return Math.abs(a - b) / Math.max(a, b);
  }
}
