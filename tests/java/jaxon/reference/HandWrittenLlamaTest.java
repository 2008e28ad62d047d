package jaxon.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The answer key against central differences and against properties that hold for any right Llama.
class HandWrittenLlamaTest {
  private static final double Z_LOSS = 1e-2;
  private static final double STEP = 1e-5;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everyGradientIsTheSlopeOfTheLoss(boolean tied) {
    SplittableRandom random = new SplittableRandom(1);
    LlamaWeights weights = LlamaWeights.random(LlamaShape.tiny(tied), random);
    TokenRows rows = TokenRows.random(2, 6, weights.shape().vocab(), random);
    HandWrittenLlama model = new HandWrittenLlama(weights);
    HandWrittenLlama.Forward forward = model.forward(rows);
    TokenLoss loss = TokenLoss.of(forward.logits(), rows, Z_LOSS);
    LlamaWeights gradients = model.backward(forward, loss.dLogits());
    weights
        .tensors()
        .forEach((name, values) -> {
          for (int i = 0; i < values.length; i++) {
            double slope = slope(model, rows, values, i);
            assertThat(gradients.get(name)[i]).as("%s[%d]", name, i).isCloseTo(slope, within(2e-8));
          }
        });
  }

  private static double slope(HandWrittenLlama model, TokenRows rows, double[] values, int i) {
    double kept = values[i];
    values[i] = kept + STEP;
    double above = loss(model, rows);
    values[i] = kept - STEP;
    double below = loss(model, rows);
    values[i] = kept;
    return (above - below) / (2 * STEP);
  }

  private static double loss(HandWrittenLlama model, TokenRows rows) {
    return TokenLoss.of(model.forward(rows).logits(), rows, Z_LOSS).mean();
  }

  @Test
  void aPackedSegmentIsComputedAsIfAlone() {
    SplittableRandom random = new SplittableRandom(2);
    LlamaWeights weights = LlamaWeights.random(LlamaShape.tiny(false), random);
    HandWrittenLlama model = new HandWrittenLlama(weights);
    int[] tokens = {3, 1, 4, 1, 5};
    int[] none = new int[5];
    TokenRows packed =
        new TokenRows(
            1, 5, tokens, new int[] {0, 1, 0, 1, 2}, new int[] {1, 1, 2, 2, 2}, none, none);
    TokenRows alone =
        new TokenRows(
            1, 3, new int[] {4, 1, 5}, new int[] {0, 1, 2}, new int[] {1, 1, 1}, none, none);
    int vocab = weights.shape().vocab();
    double[] inPack = model.forward(packed).logits();
    assertThat(Arrays.copyOfRange(inPack, 2 * vocab, 5 * vocab))
        .containsExactly(model.forward(alone).logits(), within(1e-12));
  }

  @Test
  void onlyDistancesBetweenPositionsMatter() {
    SplittableRandom random = new SplittableRandom(3);
    LlamaWeights weights = LlamaWeights.random(LlamaShape.tiny(true), random);
    HandWrittenLlama model = new HandWrittenLlama(weights);
    TokenRows rows = TokenRows.random(1, 5, weights.shape().vocab(), random);
    int[] shifted = Arrays.stream(rows.positions()).map(p -> p + 17).toArray();
    TokenRows moved =
        new TokenRows(
            1, 5, rows.inputs(), shifted, rows.segments(), rows.targets(), rows.targetSegments());
    assertThat(model.forward(moved).logits())
        .containsExactly(model.forward(rows).logits(), within(1e-10));
  }

  @Test
  void laterTokensChangeNothing() {
    SplittableRandom random = new SplittableRandom(4);
    LlamaWeights weights = LlamaWeights.random(LlamaShape.tiny(false), random);
    HandWrittenLlama model = new HandWrittenLlama(weights);
    TokenRows rows = TokenRows.random(1, 6, weights.shape().vocab(), random);
    double[] before = model.forward(rows).logits();
    rows.inputs()[5] = (rows.inputs()[5] + 1) % weights.shape().vocab();
    double[] after = model.forward(rows).logits();
    int kept = 5 * weights.shape().vocab();
    assertThat(Arrays.copyOf(after, kept)).isEqualTo(Arrays.copyOf(before, kept));
    assertThat(after).isNotEqualTo(before);
  }

  @Test
  void uniformLogitsCostTheLogarithmOfTheVocabulary() {
    TokenRows rows = TokenRows.random(2, 5, 11, new SplittableRandom(5));
    TokenLoss loss = TokenLoss.of(new double[10 * 11], rows, 0);
    assertThat(loss.mean()).isCloseTo(Math.log(11), within(1e-12));
    assertThat(loss.tokens()).isLessThan(10);
  }
}
