package jaxon.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import jaxon.autodiff.Grad;
import jaxon.graph.trace.Array;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.ShapeException;
import jaxon.graph.type.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CrossEntropyTest {
  private static final Literal TARGETS = Literal.ofInts(new int[] {0, 4, 2}, 3);

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.1})
  void isTheNegativeLogProbabilityPlusThePenalty(double lambda) {
    Literal logits = Eager.random(DType.F64, 1, 3, 5);

    List<Literal> losses = losses(logits, lambda);

    for (int n = 0; n < 3; n++) {
      double normalizer = normalizer(logits, n);
      double penalty = lambda * normalizer * normalizer;
      double xent = normalizer - logits.get(n * 5L + TARGETS.getLong(n));
      assertThat(losses.get(0).get(n)).isCloseTo(xent + penalty, within(1e-13));
      assertThat(losses.get(1).get(n)).isCloseTo(penalty, within(1e-13));
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.1})
  void gradientIsSoftmaxMinusTheTarget(double lambda) {
    Literal logits = Eager.random(DType.F64, 1, 3, 5);

    double[] grad =
        Eager.doubles(
            List.of(logits, TARGETS),
            args ->
                Grad.valueAndGrad(
                        args.get(0),
                        l -> {
                          Array loss = new CrossEntropy(lambda).apply(l, args.get(1)).xent().sum();
                          return new Grad.Objective<>(loss, List.of());
                        })
                    .grad());

    for (int n = 0; n < 3; n++) {
      double normalizer = normalizer(logits, n);
      for (int i = 0; i < 5; i++) {
        double softmax = Math.exp(logits.get(n * 5 + i) - normalizer);
        double target = i == TARGETS.getLong(n) ? 1 : 0;
        double expected = softmax * (1 + 2 * lambda * normalizer) - target;
        assertThat(grad[n * 5 + i]).isCloseTo(expected, within(1e-13));
      }
    }
  }

  @Test
  void hugeLogitsStayFinite() {
    Literal logits =
        Literal.generate(TensorType.of(DType.F32, 3, 5), i -> i % 5 == 0 ? 1e30 : -1e30);

    assertThat(losses(logits, 0).getFirst().get(0)).isZero();
    assertThat(losses(logits, 0).getFirst().get(1)).isCloseTo(2e30, within(1e24));
  }

  @Test
  void bfloat16LogitsGiveFloat32Losses() {
    Literal losses = losses(Eager.random(DType.BF16, 1, 3, 5), 0.1).getFirst();

    assertThat(losses.type()).isEqualTo(TensorType.of(DType.F32, 3));
  }

  @Test
  void batchesKeepTheirShape() {
    Literal logits = Eager.random(DType.F32, 1, 3, 5);
    Literal rows =
        Eager.run(
            List.of(logits, TARGETS),
            args ->
                new CrossEntropy(0)
                    .apply(args.get(0).reshape(1, 3, 5), args.get(1).reshape(1, 3))
                    .xent());

    assertThat(rows.type()).isEqualTo(TensorType.of(DType.F32, 1, 3));
    assertThat(rows.toDoubles()).isEqualTo(losses(logits, 0).getFirst().toDoubles());
  }

  @Test
  void needsOneTargetPerRow() {
    assertThatThrownBy(() -> losses(Eager.random(DType.F32, 1, 4, 5), 0))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("logits [..., V] and targets [...]");
  }

  private static List<Literal> losses(Literal logits, double lambda) {
    return Eager.runAll(
        List.of(logits, TARGETS),
        args -> {
          CrossEntropy.PerToken loss = new CrossEntropy(lambda).apply(args.get(0), args.get(1));
          return List.of(loss.xent(), loss.zLoss());
        });
  }

  private static double normalizer(Literal logits, int row) {
    double sum = 0;
    for (int i = 0; i < 5; i++) {
      sum += Math.exp(logits.get(row * 5 + i));
    }
    return Math.log(sum);
  }
}
