package jaxon.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import jaxon.config.SamplingStrategy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Tokens drawn from known logits, counted, against the probabilities that the definition gives.
class SamplerTest {
  private static final int DRAWS = 20_000;

  /// Probabilities 0.05, 0.4, 0.1, 0.3, 0.15 at temperature 1.
  private static final double[] PROBABILITIES = {0.05, 0.4, 0.1, 0.3, 0.15};

  private static final float[] LOGITS = logits(PROBABILITIES);

  @Test
  void greedyTakesTheLargestAndOfEqualOnesTheFirst() {
    Sampler greedy = sampler(SamplingStrategy.GREEDY, 0, 0, -1);
    assertThat(greedy.next(new float[] {1, 3, 3, 2}, 0)).isEqualTo(1);
    assertThat(greedy.next(new float[] {Float.NaN, -3, Float.NEGATIVE_INFINITY}, 7)).isEqualTo(1);
  }

  @Test
  void weightedDrawsByProbability() {
    assertDraws(sampler(SamplingStrategy.WEIGHTED, 1, 0, -1), PROBABILITIES);
  }

  @Test
  void temperatureSharpensAndFlattens() {
    for (double temperature : new double[] {0.5, 2}) {
      double[] expected = new double[PROBABILITIES.length];
      for (int i = 0; i < expected.length; i++) {
        expected[i] = Math.pow(PROBABILITIES[i], 1 / temperature);
      }
      assertDraws(sampler(SamplingStrategy.WEIGHTED, temperature, 0, -1), normal(expected));
    }
  }

  @Test
  void topKDrawsAmongTheLikeliest() {
    double[] expected = normal(0, 0.4, 0, 0.3, 0.15);
    assertDraws(sampler(SamplingStrategy.TOPK, 1, 3, -1), expected);
    assertDraws(sampler(SamplingStrategy.TOPK, 1, 99, -1), PROBABILITIES);
  }

  @Test
  void topKOfEqualLogitsKeepsTheFirst() {
    Sampler sampler = sampler(SamplingStrategy.TOPK, 1, 2, -1);
    float[] equal = {1, 2, 2, 2};
    assertThat(IntStream.range(0, 200).map(i -> sampler.next(equal, i)).distinct())
        .containsExactlyInAnyOrder(1, 2);
  }

  @Test
  void nucleusHoldsTheTokenThatReachesItsProbability() {
    assertDraws(sampler(SamplingStrategy.NUCLEUS, 1, 0, 0.65), normal(0, 0.4, 0, 0.3, 0));
    assertDraws(sampler(SamplingStrategy.NUCLEUS, 1, 0, 0.71), normal(0, 0.4, 0, 0.3, 0.15));
    assertDraws(sampler(SamplingStrategy.NUCLEUS, 1, 0, 1), PROBABILITIES);
    assertDraws(sampler(SamplingStrategy.NUCLEUS, 1, 0, 1e-9), normal(0, 1, 0, 0, 0));
  }

  /// At temperature 2 the probabilities are flatter, so that two tokens do not make up 0.65.
  @Test
  void nucleusIsFoundAfterTheTemperature() {
    double[] flat = {0, Math.sqrt(0.4), 0, Math.sqrt(0.3), Math.sqrt(0.15)};
    assertDraws(sampler(SamplingStrategy.NUCLEUS, 2, 0, 0.65), normal(flat));
  }

  /// Of the three likeliest, 0.4 / 0.85 = 0.47 and 0.82 with the second.
  @Test
  void compositeFindsTheNucleusWithinTheTopK() {
    assertDraws(sampler(SamplingStrategy.COMPOSITE, 1, 3, 0.75), normal(0, 0.4, 0, 0.3, 0));
    assertDraws(sampler(SamplingStrategy.COMPOSITE, 1, 3, 0.45), normal(0, 1, 0, 0, 0));
  }

  @ParameterizedTest
  @EnumSource(SamplingStrategy.class)
  void drawDependsOnSeedAndNumberOnly(SamplingStrategy strategy) {
    Sampler one = sampler(strategy, 1, 4, 0.9);
    Sampler other = sampler(strategy, 1, 4, 0.9);
    int[] forwards = IntStream.range(0, 50).map(i -> one.next(LOGITS, i)).toArray();
    int[] backwards = IntStream.range(0, 50).map(i -> other.next(LOGITS, 49 - i)).toArray();
    for (int i = 0; i < 50; i++) {
      assertThat(forwards[i]).isEqualTo(backwards[49 - i]);
    }
  }

  @Test
  void otherSeedsDrawOtherTokens() {
    Sampler one = new Sampler(new Sampling(SamplingStrategy.WEIGHTED, 1, 0, -1, 1));
    Sampler two = new Sampler(new Sampling(SamplingStrategy.WEIGHTED, 1, 0, -1, 2));
    assertThat(IntStream.range(0, 50).map(i -> one.next(LOGITS, i)).toArray())
        .isNotEqualTo(IntStream.range(0, 50).map(i -> two.next(LOGITS, i)).toArray());
  }

  @Test
  void logitsWithoutANumberAreAnError() {
    for (float bad : new float[] {Float.NaN, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY}) {
      assertThatThrownBy(
              () -> sampler(SamplingStrategy.GREEDY, 1, 0, -1).next(new float[] {bad, bad}, 0))
          .isInstanceOf(InferenceException.class)
          .hasMessageContaining("no finite logits");
    }
  }

  @Test
  void settingsMustMakeSense() {
    assertThatThrownBy(() -> sampler(SamplingStrategy.WEIGHTED, 0, 0, -1))
        .hasMessageContaining("temperature 0.0");
    assertThatThrownBy(() -> sampler(SamplingStrategy.TOPK, 1, 0, -1))
        .hasMessageContaining("top k 0");
    assertThatThrownBy(() -> sampler(SamplingStrategy.NUCLEUS, 1, 0, 0))
        .hasMessageContaining("nucleus p 0.0");
  }

  private static Sampler sampler(SamplingStrategy strategy, double temperature, int k, double p) {
    return new Sampler(new Sampling(strategy, temperature, k, p, 42));
  }

  /// Pearson's chi-square test with fixed draws; 23.5 is passed by chance once in 10,000 times for
  /// four degrees of freedom.
  private static void assertDraws(Sampler sampler, double[] expected) {
    int[] counts = new int[expected.length];
    for (int i = 0; i < DRAWS; i++) {
      counts[sampler.next(LOGITS, i)]++;
    }
    double chiSquare = 0;
    for (int i = 0; i < expected.length; i++) {
      if (expected[i] == 0) {
        assertThat(counts[i]).as("draws of token %d", i).isZero();
      } else {
        double mean = expected[i] * DRAWS;
        chiSquare += (counts[i] - mean) * (counts[i] - mean) / mean;
      }
    }
    assertThat(chiSquare).isLessThan(23.5);
  }

  private static double[] normal(double... weights) {
    double sum = 0;
    for (double weight : weights) {
      sum += weight;
    }
    double[] normal = weights.clone();
    for (int i = 0; i < normal.length; i++) {
      normal[i] /= sum;
    }
    return normal;
  }

  private static float[] logits(double[] probabilities) {
    float[] logits = new float[probabilities.length];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) (Math.log(probabilities[i]) - 1.5);
    }
    return logits;
  }
}
