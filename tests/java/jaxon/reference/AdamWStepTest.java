package jaxon.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AdamWStepTest {
  private static final double RATE = 0.1;

  @Test
  void theFirstStepGoesAgainstTheSignOfTheGradient() {
    LlamaWeights weights = LlamaWeights.random(LlamaShape.tiny(true), new SplittableRandom(1));
    LlamaWeights gradients = LlamaWeights.random(LlamaShape.tiny(true), new SplittableRandom(2));
    double before = weights.get(LlamaWeights.EMBEDDING)[0];
    double sign = Math.signum(gradients.get(LlamaWeights.EMBEDDING)[0]);
    AdamWStep.Moments moments = AdamWStep.Moments.zeros(weights);
    new AdamWStep(0.9, 0.95, 0, 0, 0.5, 1).apply(weights, gradients, moments, 1, RATE);
    double expected = before - RATE * (sign + 0.5 * before);
    assertThat(weights.get(LlamaWeights.EMBEDDING)[0]).isCloseTo(expected, within(1e-12));
  }

  @Test
  void aLongGradientIsScaledToTheLimitAndAShortOneIsNot() {
    LlamaWeights weights = LlamaWeights.random(LlamaShape.tiny(true), new SplittableRandom(1));
    LlamaWeights gradients = LlamaWeights.random(LlamaShape.tiny(true), new SplittableRandom(2));
    double norm = AdamWStep.globalNorm(gradients);
    assertThat(firstMoment(weights, gradients, norm / 4)).isCloseTo(0.25, within(1e-12));
    assertThat(firstMoment(weights, gradients, norm * 4)).isCloseTo(1, within(1e-12));
    assertThat(firstMoment(weights, gradients, 0)).isCloseTo(1, within(1e-12));
  }

  /// The share of the gradients that got into the first moment.
  private static double firstMoment(LlamaWeights weights, LlamaWeights gradients, double clip) {
    AdamWStep.Moments moments = AdamWStep.Moments.zeros(weights);
    new AdamWStep(0, 0, 1, 0, 0, clip).apply(weights, gradients, moments, 1, RATE);
    return AdamWStep.globalNorm(moments.first()) / AdamWStep.globalNorm(gradients);
  }

  @Test
  void ratesRiseAndFall() {
    LearningRates rates = new LearningRates(2, 0.1, 10, 0.25);
    double[] cosine = new double[12];
    double[] wsd = new double[12];
    Arrays.setAll(cosine, rates::cosine);
    Arrays.setAll(wsd, step -> rates.wsd(step, 0.4, false));
    assertThat(cosine).startsWith(0, 1, 2).endsWith(0, 0);
    assertThat(cosine[5] + cosine[6]).isCloseTo(2.2, within(1e-12));
    assertThat(cosine[9]).isCloseTo(0.2, within(1e-12));
    assertThat(wsd).startsWith(0, 1, 2, 2, 2, 2, 2).endsWith(0, 0);
    assertThat(wsd[8]).isCloseTo(0.8, within(1e-12));
    assertThat(wsd[9]).isCloseTo(0.2, within(1e-12));
  }
}
