package jaxon.runtime.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import jaxon.autodiff.Grad;
import jaxon.config.Activation;
import jaxon.graph.Graph;
import jaxon.graph.interpret.Interpreter;
import jaxon.graph.trace.Array;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;
import jaxon.layers.Linear;
import jaxon.layers.Mlp;
import jaxon.testing.Traced;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// `jaxon.gated_activation` between its products, forward and backward, compiled by the engine.
class GatedActivationTest {
  private static final List<List<Activation>> ACTIVATIONS =
      List.of(
          List.of(Activation.SILU, Activation.LINEAR),
          List.of(Activation.GELU, Activation.LINEAR),
          List.of(Activation.RELU),
          List.of(Activation.SILU, Activation.GELU, Activation.RELU));

  record Run(List<Activation> activations, DType dtype, int tokens, int width, int hidden) {
    /// The input and the kernels.
    List<Literal> inputs() {
      SplittableRandom random = new SplittableRandom(17);
      List<TensorType> types = new ArrayList<>();
      types.add(TensorType.of(dtype, 1, tokens, width));
      activations.forEach(_ -> types.add(TensorType.of(dtype, width, hidden)));
      types.add(TensorType.of(dtype, hidden, width));
      return types.stream()
          .map(type -> Literal.generate(type, _ -> random.nextDouble(-1, 1)))
          .toList();
    }

    /// The result and the gradients of its squares' sum.
    Graph graph() {
      return Traced.graph(
          inputs(),
          a -> {
            Grad.ValueAndGrad<List<Array>, Array> result =
                Grad.valueAndGrad(
                    a,
                    p -> {
                      Array y = mlp(p.subList(1, p.size())).apply(p.getFirst());
                      return new Grad.Objective<>(y.astype(DType.F32).square().sum(), y);
                    });
            List<Array> all = new ArrayList<>(List.of(result.aux()));
            all.addAll(result.grad());
            return all;
          });
    }

    private Mlp mlp(List<Array> kernels) {
      List<Linear> linears =
          kernels.stream().map(kernel -> new Linear(kernel, Optional.empty(), 1, dtype)).toList();
      return new Mlp(linears.subList(0, linears.size() - 1), linears.getLast(), activations);
    }
  }

  /// Sizes that are primes, 1 and 0.
  static Stream<Run> runs() {
    SplittableRandom random = new SplittableRandom(19);
    List<Run> runs = new ArrayList<>();
    for (DType dtype : List.of(DType.F32, DType.BF16)) {
      runs.add(new Run(ACTIVATIONS.getFirst(), dtype, 0, 3, 5));
      runs.add(new Run(ACTIVATIONS.getFirst(), dtype, 7, 3, 0));
      runs.add(new Run(ACTIVATIONS.getFirst(), dtype, 1, 1, 1));
      for (List<Activation> activations : ACTIVATIONS) {
        runs.add(new Run(activations, dtype, prime(random), prime(random), prime(random)));
      }
    }
    return runs.stream();
  }

  private static int prime(SplittableRandom random) {
    int[] primes = {2, 3, 13, 31, 61, 127};
    return primes[random.nextInt(primes.length)];
  }

  @ParameterizedTest
  @MethodSource("runs")
  void agreesWithTheInterpreter(Run run) {
    Graph graph = run.graph();
    assertThat(KernelRun.composite(graph, "jaxon.gated_activation").outputs()).hasSize(1);
    List<Literal> inputs = run.inputs();
    KernelRun.assertClose(
        KernelRun.compiled(graph, inputs),
        Interpreter.run(graph, inputs),
        run.dtype() == DType.BF16 ? 0.02 : 1e-5);
  }
}
