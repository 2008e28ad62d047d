package jaxon.checkpoint.verify;

import jaxon.graph.type.Literal;

/// How logits `[n, V]` differ from a reference, computed in float64.
///
/// @param name of the list of tokens
/// @param positions n
/// @param largest largest |found - reference|
/// @param excess largest |found - reference| - (A + R · |reference|); above 0 is beyond tolerance
/// @param beyond how many logits are beyond tolerance
/// @param cosine largest 1 - cosine similarity of a position
/// @param kl largest Kullback-Leibler divergence of a position
/// @param meanKl mean divergence of the positions
record LogitDifference(
    String name,
    long positions,
    double largest,
    double excess,
    long beyond,
    double cosine,
    double kl,
    double meanKl) {
  /// p' = (1 - N · ε) · p + ε keeps probabilities of zero from giving infinite divergences.
  private static final double SMOOTHING = 1e-10;

  static LogitDifference of(String name, Literal found, Literal reference, Thresholds limits) {
    int positions = Math.toIntExact(found.type().shape().dim(0));
    int vocab = Math.toIntExact(found.type().shape().dim(1));
    Sums sums = new Sums(limits);
    double[] x = new double[vocab];
    double[] y = new double[vocab];
    for (int n = 0; n < positions; n++) {
      for (int i = 0; i < vocab; i++) {
        x[i] = found.get((long) n * vocab + i);
        y[i] = reference.get((long) n * vocab + i);
      }
      sums.add(x, y);
    }
    return new LogitDifference(
        name,
        positions,
        sums.largest,
        sums.excess,
        sums.beyond,
        sums.cosine,
        sums.kl,
        sums.klSum / positions);
  }

  /// Whether each measure keeps its threshold; a value that is not a number keeps none.
  boolean passes(Thresholds limits) {
    return excess <= 0 && cosine <= limits.cosine() && kl <= limits.kl();
  }

  private static final class Sums {
    private final Thresholds limits;
    private double largest;
    private double excess = Double.NEGATIVE_INFINITY;
    private long beyond;
    private double cosine = Double.NEGATIVE_INFINITY;
    private double kl = Double.NEGATIVE_INFINITY;
    private double klSum;

    Sums(Thresholds limits) {
      this.limits = limits;
    }

    void add(double[] found, double[] reference) {
      double dot = 0;
      double foundSquares = 0;
      double referenceSquares = 0;
      for (int i = 0; i < found.length; i++) {
        double difference = Math.abs(found[i] - reference[i]);
        double over = difference - limits.absolute() - limits.relative() * Math.abs(reference[i]);
        largest = Math.max(largest, difference); // Math.max keeps NaN.
        excess = Math.max(excess, over);
        beyond += over <= 0 ? 0 : 1;
        dot += found[i] * reference[i];
        foundSquares += found[i] * found[i];
        referenceSquares += reference[i] * reference[i];
      }
      double lengths = Math.sqrt(foundSquares) * Math.sqrt(referenceSquares);
      boolean bothZero = foundSquares == 0 && referenceSquares == 0;
      cosine = Math.max(cosine, bothZero ? 0 : 1 - dot / lengths);
      double divergence = divergence(reference, found);
      kl = Math.max(kl, divergence);
      klSum += divergence;
    }

    /// KL(softmax(reference) ‖ softmax(found)).
    private static double divergence(double[] reference, double[] found) {
      double referenceNormalizer = logSumExp(reference);
      double foundNormalizer = logSumExp(found);
      double keep = 1 - reference.length * SMOOTHING;
      double sum = 0;
      for (int i = 0; i < reference.length; i++) {
        double p = keep * Math.exp(reference[i] - referenceNormalizer) + SMOOTHING;
        double q = keep * Math.exp(found[i] - foundNormalizer) + SMOOTHING;
        sum += p * Math.log(p / q);
      }
      return sum;
    }

    private static double logSumExp(double[] x) {
      double max = Double.NEGATIVE_INFINITY;
      for (double value : x) {
        max = Math.max(max, value);
      }
      double sum = 0;
      for (double value : x) {
        sum += Math.exp(value - max);
      }
      return max + Math.log(sum);
    }
  }
}
