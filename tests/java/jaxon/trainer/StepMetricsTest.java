package jaxon.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import jaxon.graph.trace.Array;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;
import org.junit.jupiter.api.Test;

class StepMetricsTest {
  @Test
  void namesAreThoseOfMaxTextAndValuesAreMeans() {
    SequencedMap<String, Double> metrics = metrics(50, 10, 20, 1, 4, 7, 0.5);
    assertThat(metrics.keySet())
        .containsExactly(
            "learning/loss",
            "learning/lm_loss",
            "learning/perplexity",
            "learning/z_loss",
            "learning/total_weights",
            "learning/grad_norm",
            "learning/raw_grad_norm",
            "learning/param_norm",
            "learning/current_learning_rate");
    assertThat(metrics.get("learning/loss")).isEqualTo(2.5);
    assertThat(metrics.get("learning/z_loss")).isEqualTo(0.5);
    assertThat(metrics.get("learning/lm_loss")).isEqualTo(2.0);
    assertThat(metrics.get("learning/perplexity")).isCloseTo(Math.exp(2), within(1e-5));
    assertThat(metrics.get("learning/total_weights")).isEqualTo(20);
    assertThat(metrics.get("learning/grad_norm")).isEqualTo(1);
    assertThat(metrics.get("learning/raw_grad_norm")).isEqualTo(4);
    assertThat(metrics.get("learning/param_norm")).isEqualTo(7);
    assertThat(metrics.get("learning/current_learning_rate")).isEqualTo(0.5);
  }

  @Test
  void batchWithoutTokensHasNoLoss() {
    SequencedMap<String, Double> metrics = metrics(0, 0, 0, 0, 0, 7, 0.5);
    assertThat(metrics.get("learning/loss")).isZero();
    assertThat(metrics.get("learning/perplexity")).isEqualTo(1);
  }

  @Test
  void lossThatIsNotANumberStaysOne() {
    assertThat(metrics(Double.NaN, 0, 20, 1, 1, 1, 1).get("learning/loss")).isNaN();
    assertThat(metrics(Double.POSITIVE_INFINITY, 0, 20, 1, 1, 1, 1).get("learning/loss"))
        .isInfinite();
  }

  private static SequencedMap<String, Double> metrics(double... seven) {
    List<Array> template =
        IntStream.range(0, 7).mapToObj(_ -> Array.placeholder(TensorType.of(DType.F32))).toList();
    List<Literal> inputs =
        Arrays.stream(seven).mapToObj(x -> Literal.ofFloats(new float[] {(float) x})).toList();
    Literal vector =
        HostRun.run(
                template,
                in ->
                    StepMetrics.pack(
                        new LossSums(in.get(0), in.get(1), in.get(2)),
                        in.get(3),
                        in.get(4),
                        in.get(5),
                        in.get(6)),
                inputs)
            .getFirst();
    return StepMetrics.unpack(vector);
  }
}
