package jaxon.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import jaxon.config.Activation;
import jaxon.graph.trace.Array;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MlpTest {
  private static final int WIDTH = 3;
  private static final int HIDDEN = 5;

  static List<List<Activation>> activations() {
    return List.of(
        List.of(Activation.SILU, Activation.LINEAR),
        List.of(Activation.GELU, Activation.LINEAR),
        List.of(Activation.RELU),
        List.of(Activation.GELU),
        List.of(Activation.SILU, Activation.GELU, Activation.RELU));
  }

  @ParameterizedTest
  @MethodSource("activations")
  void multipliesTheFactors(List<Activation> activations) {
    Literal x = Eager.random(DType.F64, 1, 1, 2, WIDTH);
    List<Literal> inputs = new ArrayList<>(List.of(x));
    for (int i = 0; i < activations.size(); i++) {
      inputs.add(Eager.random(DType.F64, 10 + i, WIDTH, HIDDEN));
    }
    inputs.add(Eager.random(DType.F64, 9, HIDDEN, WIDTH));

    double[] y =
        Eager.doubles(
            inputs,
            args -> {
              List<Linear> wi =
                  args.subList(1, args.size() - 1).stream().map(MlpTest::linear).toList();
              return new Mlp(wi, linear(args.getLast()), activations).apply(args.getFirst());
            });

    for (int t = 0; t < 2; t++) {
      double[] hidden = IntStream.range(0, HIDDEN).mapToDouble(_ -> 1).toArray();
      for (int i = 0; i < activations.size(); i++) {
        for (int m = 0; m < HIDDEN; m++) {
          double sum = 0;
          for (int d = 0; d < WIDTH; d++) {
            sum += x.get(t * WIDTH + d) * inputs.get(1 + i).get(d * HIDDEN + m);
          }
          hidden[m] *= activated(activations.get(i), sum);
        }
      }
      for (int d = 0; d < WIDTH; d++) {
        double sum = 0;
        for (int m = 0; m < HIDDEN; m++) {
          sum += hidden[m] * inputs.getLast().get(m * WIDTH + d);
        }
        assertThat(y[t * WIDTH + d]).isCloseTo(sum, within(1e-13));
      }
    }
  }

  @Test
  void geluIsTheTanhForm() {
    Literal x = Literal.ofDoubles(new double[] {-3, -1, 0, 0.5, 2}, 5);

    // jax.nn.gelu(x, approximate=True)
    assertThat(Eager.doubles(List.of(x), a -> Activations.apply(Activation.GELU, a.getFirst())))
        .containsExactly(
            new double[] {-0.00363739, -0.15880801, 0, 0.34571401, 1.95459769}, within(1e-7));
  }

  @Test
  void needsOneProjectionPerActivation() {
    assertThatThrownBy(() ->
            Eager.run(
                List.of(Eager.random(DType.F32, 1, 2, 2)),
                a ->
                    new Mlp(
                            List.of(linear(a.getFirst())),
                            linear(a.getFirst()),
                            List.of(Activation.SILU, Activation.LINEAR))
                        .apply(a.getFirst())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("mlp_activations")
        .hasMessageContaining("got 1 for [SILU, LINEAR]");
  }

  private static Linear linear(Array kernel) {
    return new Linear(kernel, Optional.empty(), 1, kernel.dtype());
  }

  private static double activated(Activation activation, double x) {
    return switch (activation) {
      case SILU -> x / (1 + Math.exp(-x));
      case GELU -> x / (1 + Math.exp(-2 * Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
      case RELU -> Math.max(x, 0);
      case LINEAR -> x;
    };
  }
}
