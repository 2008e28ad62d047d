package jaxon.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import jaxon.graph.trace.Array;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;
import jaxon.layers.CausalLm;
import jaxon.layers.CrossEntropy;
import jaxon.layers.KvCache;
import jaxon.layers.NewTokens;
import jaxon.layers.TokenBatch;
import org.junit.jupiter.api.Test;

/// The sums, on logits given outright, against the definition in plain Java.
class LanguageModelLossTest {
  private static final int ROWS = 2;

  /// A model whose logits are its parameters.
  record FixedLogits(Array logits) implements CausalLm {
    @Override
    public Array apply(TokenBatch batch) {
      return logits;
    }

    @Override
    public TensorType cacheType(long rows, long slots) {
      throw new UnsupportedOperationException("there is nothing to keep");
    }

    @Override
    public Extended extend(KvCache cache, NewTokens tokens) {
      throw new UnsupportedOperationException("there is nothing to keep");
    }
  }

  record Input(FixedLogits params, TrainBatch batch) {}

  @Test
  void sumsAreOverCountedTokens() {
    for (double lambda : new double[] {0, 0x1p-7}) {
      List<double[]> sums = sums(lambda, 4, 2);
      double[] expected = expected(lambda, 4, 2);
      for (int i = 0; i < 3; i++) {
        assertThat(sums.get(i)[0]).isCloseTo(expected[i], within(1e-12));
      }
    }
  }

  @Test
  void nothingCountedIsZero() {
    assertThat(sums(0x1p-7, 0, 0)).allSatisfy(sum -> assertThat(sum).containsExactly(0));
  }

  @Test
  void segmentOfTheTargetDecidesWhatCounts() {
    List<Literal> inputs = new ArrayList<>(List.of(logits()));
    inputs.addAll(TestBatches.rows(4, 4));
    int[] onlyOne = new int[ROWS * TestBatches.LENGTH];
    onlyOne[5] = 3;
    inputs.set(5, Literal.ofInts(onlyOne, ROWS, TestBatches.LENGTH));
    List<double[]> sums = run(0, inputs);
    assertThat(sums.get(2)[0]).isEqualTo(1);
    assertThat(sums.get(0)[0]).isCloseTo(tokenLoss(5, target(1, 1), 0), within(1e-12));
  }

  @Test
  void bfloat16LogitsAreSummedInFloat32() {
    List<Literal> inputs = new ArrayList<>();
    inputs.add(Literal.generate(logitsType(DType.BF16), LanguageModelLossTest::logit));
    inputs.addAll(TestBatches.rows(4, 4));
    List<Literal> sums =
        HostRun.run(template(DType.BF16), in -> loss(0).apply(in.params, in.batch), inputs);
    assertThat(sums).extracting(sum -> sum.type().dtype()).containsOnly(DType.F32);
    assertThat(sums.get(0).get(0)).isCloseTo(expected(0, 4, 4)[0], within(0.1));
  }

  private static List<double[]> sums(double lambda, int... mask) {
    List<Literal> inputs = new ArrayList<>(List.of(logits()));
    inputs.addAll(TestBatches.rows(mask));
    return run(lambda, inputs);
  }

  private static List<double[]> run(double lambda, List<Literal> inputs) {
    return HostRun.inFloat64(
        template(DType.F32), in -> loss(lambda).apply(in.params, in.batch), inputs);
  }

  private static LanguageModelLoss loss(double lambda) {
    return new LanguageModelLoss(new CrossEntropy(lambda));
  }

  private static Input template(DType dtype) {
    return new Input(
        new FixedLogits(Array.placeholder(logitsType(dtype))),
        TrainBatch.template(ROWS, TestBatches.LENGTH));
  }

  private static TensorType logitsType(DType dtype) {
    return TensorType.of(dtype, ROWS, TestBatches.LENGTH, TestBatches.VOCAB);
  }

  private static Literal logits() {
    return Literal.generate(logitsType(DType.F64), LanguageModelLossTest::logit);
  }

  private static double logit(long index) {
    return 3 * Math.sin(index * index + 0.5 * index);
  }

  private static int target(int row, int column) {
    return (5 * row + 2 * column + row * column + 1) % TestBatches.VOCAB;
  }

  private static double normalizer(int token) {
    double sum = 0;
    for (int v = 0; v < TestBatches.VOCAB; v++) {
      sum += Math.exp(logit((long) token * TestBatches.VOCAB + v));
    }
    return Math.log(sum);
  }

  private static double tokenLoss(int token, int target, double lambda) {
    double z = normalizer(token);
    return z - logit((long) token * TestBatches.VOCAB + target) + lambda * z * z;
  }

  /// Total, z-loss and weights.
  private static double[] expected(double lambda, int... mask) {
    double[] sums = new double[3];
    for (int row = 0; row < mask.length; row++) {
      for (int column = 0; column < mask[row]; column++) {
        int token = row * TestBatches.LENGTH + column;
        sums[0] += tokenLoss(token, target(row, column), lambda);
        sums[1] += lambda * normalizer(token) * normalizer(token);
        sums[2] += 1;
      }
    }
    return sums;
  }
}
