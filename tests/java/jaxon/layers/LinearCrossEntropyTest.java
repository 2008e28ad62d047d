package jaxon.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.Predicate;
import jaxon.graph.Graph;
import jaxon.graph.op.ControlOp;
import jaxon.graph.op.Op;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Ops;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.ShapeException;
import jaxon.runtime.CompileOptions;
import jaxon.runtime.CompilePipeline;
import jaxon.testing.GradCheck;
import jaxon.testing.LiveEquations;
import jaxon.testing.Traced;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinearCrossEntropyTest {
  private static final Literal TARGETS = Eager.ints(new long[] {2, 3}, 0, 4, 2, 1, 3, 0);
  private static final Literal WEIGHTS = Literal.ofDoubles(new double[] {1, 0, 1, 0.5, 1, 2}, 2, 3);

  @ParameterizedTest
  @CsvSource({
    "1, false, 1, 0, 0",
    "1, true, 1, 0, 0",
    "2, false, 3, 0.8, 0.1",
    "3, true, 1, 0, 0.1",
    "4, true, 2, 0.8, 0",
    "100, false, 1, 0, 0",
  })
  void isTheSumOfTheLossesAndHasTheirDerivative(
      int tiles, boolean isEmbedding, double divisor, double cap, double lambda) {
    List<Literal> inputs = inputs(isEmbedding);

    List<Literal> found =
        Traced.run(inputs, a -> sums(tiles, isEmbedding, divisor, cap, lambda, a));
    List<Literal> expected =
        Traced.run(
            inputs,
            a -> {
              Array logits = output(a, isEmbedding, divisor, cap).apply(a.get(0));
              CrossEntropy.PerToken losses = new CrossEntropy(lambda).apply(logits, a.get(2));
              Array weights = a.get(3).stopGradient();
              return List.of(losses.xent().mul(weights).sum(), losses.zLoss().mul(weights).sum());
            });

    for (int i = 0; i < 2; i++) {
      assertThat(found.get(i).get(0)).isCloseTo(expected.get(i).get(0), within(1e-12));
    }
    GradCheck.check(
        inputs.subList(0, 2),
        a ->
            sums(
                    tiles,
                    isEmbedding,
                    divisor,
                    cap,
                    lambda,
                    List.of(a.get(0), a.get(1), Ops.constant(TARGETS), Ops.constant(WEIGHTS)))
                .subList(0, 1));
  }

  @Test
  void theForwardPassRunsOnceWithItsGradient() {
    Graph graph =
        CompilePipeline.standard(_ -> true)
            .run(
                Traced.graph(
                    inputs(false),
                    GradCheck.gradient(a -> sums(1, false, 1, 0, 0, a).subList(0, 1))),
                CompileOptions.DEFAULT);

    assertThat(LiveEquations.count(graph, is(LinearCrossEntropy.GRAD_COMPOSITE))).isEqualTo(1);
    assertThat(LiveEquations.count(graph, is(LinearCrossEntropy.COMPOSITE))).isZero();
  }

  @Test
  void theLossAloneMakesNoGradient() {
    Graph graph = Traced.graph(inputs(false), a -> sums(1, false, 1, 0, 0, a));

    Graph compiled = CompilePipeline.standard(_ -> true).run(graph, CompileOptions.DEFAULT);

    assertThat(LiveEquations.count(compiled, is(LinearCrossEntropy.COMPOSITE))).isEqualTo(1);
    assertThat(LiveEquations.count(compiled, is(LinearCrossEntropy.GRAD_COMPOSITE))).isZero();
  }

  @Test
  void saysWhatDoesNotFit() {
    List<Literal> inputs =
        List.of(
            inputs(false).get(0),
            inputs(false).get(1),
            TARGETS,
            Literal.ofDoubles(new double[3], 3));

    assertThatThrownBy(() -> Traced.run(inputs, a -> sums(1, false, 1, 0, 0, a)))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("weights [...]");
  }

  private static Predicate<Op> is(String composite) {
    return op -> op instanceof ControlOp.Composite c && c.name().equals(composite);
  }

  private static List<Array> sums(
      int tiles, boolean isEmbedding, double divisor, double cap, double lambda, List<Array> a) {
    LinearCrossEntropy.Sums sums =
        new LinearCrossEntropy(lambda, tiles)
            .apply(output(a, isEmbedding, divisor, cap), a.get(0), a.get(2), a.get(3));
    return List.of(sums.total(), sums.zLoss());
  }

  private static OutputLayer output(
      List<Array> a, boolean isEmbedding, double divisor, double cap) {
    return new OutputLayer(a.get(1), isEmbedding, DType.F64, divisor, true, cap);
  }

  private static List<Literal> inputs(boolean isEmbedding) {
    return List.of(
        Eager.random(DType.F64, 1, 2, 3, 4),
        isEmbedding ? Eager.random(DType.F64, 2, 5, 4) : Eager.random(DType.F64, 2, 4, 5),
        TARGETS,
        WEIGHTS);
  }
}
