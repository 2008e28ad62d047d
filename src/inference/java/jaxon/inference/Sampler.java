package jaxon.inference;

import java.util.Arrays;
import java.util.PriorityQueue;
import jaxon.config.SamplingStrategy;

/// Draws tokens from logits: divides them by the temperature, keeps the top k, of these the nucleus
/// (Holtzman et al., "The curious case of neural text degeneration", 2020), and draws from what is
/// left by probability.
///
/// Of tokens with equal logits the one with the smaller id is the likelier one. A draw depends on
/// the logits, the seed and the number of the token in its text, on nothing else.
public final class Sampler {
  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;
  private static final int MANTISSA_BITS = 53;

  private final Sampling sampling;

  public Sampler(Sampling sampling) {
    this.sampling = sampling;
  }

  /// The token after `logits`, one per id, as number `index` of its text.
  ///
  /// @throws InferenceException if no logit is a finite number
  public int next(float[] logits, int index) {
    int best = argmax(logits);
    if (sampling.strategy() == SamplingStrategy.GREEDY) {
      return best;
    }
    Candidates candidates = candidates(logits, best);
    double uniform = uniform(sampling.seed(), index);
    return candidates.tokens[candidates.draw(kept(candidates), uniform)];
  }

  /// Tokens that may be drawn, with weights that their probabilities are proportional to, and the
  /// weight of all that the nucleus is a share of.
  private static final class Candidates {
    final int[] tokens;
    final double[] weights;
    final double total;

    Candidates(int[] tokens, double[] weights, double total) {
      this.tokens = tokens;
      this.weights = weights;
      this.total = total;
    }

    /// One of the first `count`.
    int draw(int count, double uniform) {
      double rest = uniform * sum(weights, count);
      int last = 0;
      for (int i = 0; i < count; i++) {
        if (weights[i] > 0) {
          last = i;
          rest -= weights[i];
          if (rest < 0) {
            return i;
          }
        }
      }
      // Only rounding leads here.
      return last;
    }
  }

  private static int argmax(float[] logits) {
    int best = -1;
    for (int i = 0; i < logits.length; i++) {
      if (logits[i] > Float.NEGATIVE_INFINITY && (best < 0 || logits[i] > logits[best])) {
        best = i;
      }
    }
    if (best < 0 || logits[best] == Float.POSITIVE_INFINITY) {
      throw new InferenceException(
          "the model gives no finite logits for the next token: its parameters are damaged, or too"
              + " large for dtype");
    }
    return best;
  }

  /// The tokens that may be drawn but for the nucleus; by falling logit where the strategy needs
  /// the order.
  private Candidates candidates(float[] logits, int best) {
    if (sampling.strategy().hasTopK()) {
      return weighted(logits, top(logits, Math.min(sampling.topK(), logits.length)), best);
    }
    int[] all = new int[logits.length];
    Arrays.setAll(all, i -> i);
    Candidates any = weighted(logits, all, best);
    if (!sampling.strategy().hasNucleus()) {
      return any;
    }
    Candidates likely = weighted(logits, likely(logits, any), best);
    return new Candidates(likely.tokens, likely.weights, any.total);
  }

  private Candidates weighted(float[] logits, int[] tokens, int best) {
    double[] weights = new double[tokens.length];
    for (int i = 0; i < tokens.length; i++) {
      float logit = logits[tokens[i]];
      weights[i] =
          Float.isNaN(logit)
              ? 0
              : Math.exp(((double) logit - logits[best]) / sampling.temperature());
    }
    return new Candidates(tokens, weights, sum(weights, weights.length));
  }

  private static int[] top(float[] logits, int count) {
    PriorityQueue<Long> smallestFirst = new PriorityQueue<>();
    for (int i = 0; i < logits.length; i++) {
      long key = key(logits[i], i);
      if (smallestFirst.size() < count) {
        smallestFirst.add(key);
      } else if (key > smallestFirst.element()) {
        smallestFirst.remove();
        smallestFirst.add(key);
      }
    }
    long[] keys = smallestFirst.stream().mapToLong(Long::longValue).toArray();
    return byFallingLogit(keys, keys.length);
  }

  /// All tokens but those too unlikely for any nucleus: what has at most (1 - p) / V of the
  /// probability, together at most 1 - p, is never needed to come to p.
  private int[] likely(float[] logits, Candidates all) {
    double least = all.total * (1 - sampling.nucleusP()) / logits.length;
    long[] keys = new long[logits.length];
    int count = 0;
    for (int i = 0; i < logits.length; i++) {
      if (all.weights[i] > least) {
        keys[count++] = key(logits[i], i);
      }
    }
    return byFallingLogit(keys, count);
  }

  private static int[] byFallingLogit(long[] keys, int count) {
    Arrays.sort(keys, 0, count);
    int[] tokens = new int[count];
    for (int i = 0; i < count; i++) {
      tokens[i] = Integer.MAX_VALUE - (int) keys[count - 1 - i];
    }
    return tokens;
  }

  /// A number that grows with the logit and, of equal ones, falls with the token.
  private static long key(float logit, int token) {
    // NaN counts as the least; -0 as 0.
    float number = Float.isNaN(logit) ? Float.NEGATIVE_INFINITY : logit + 0f;
    int bits = Float.floatToRawIntBits(number);
    int ordered = bits ^ ((bits >> 31) & Integer.MAX_VALUE);
    return ((long) ordered << 32) | (Integer.MAX_VALUE - token);
  }

  /// How many of the candidates make up the nucleus, if there is one: the fewest with probability
  /// p.
  private int kept(Candidates candidates) {
    int count = candidates.weights.length;
    if (!sampling.strategy().hasNucleus()) {
      return count;
    }
    double wanted = sampling.nucleusP() * candidates.total;
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += candidates.weights[i];
      if (sum >= wanted) {
        return i + 1;
      }
    }
    return count;
  }

  private static double sum(double[] weights, int count) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += weights[i];
    }
    return sum;
  }

  /// A number in [0, 1) by SplitMix64 (Steele et al., "Fast splittable pseudorandom number
  /// generators", 2014), which any index gives directly.
  static double uniform(long seed, int index) {
    long state = mix(mix(seed + GOLDEN_GAMMA) + (index + 1L) * GOLDEN_GAMMA);
    return (state >>> (Long.SIZE - MANTISSA_BITS)) * 0x1p-53;
  }

  private static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
