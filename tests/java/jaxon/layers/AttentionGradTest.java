package jaxon.layers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.op.ControlOp;
import jaxon.graph.op.RematPolicy;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Control;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;
import jaxon.runtime.CompileOptions;
import jaxon.runtime.CompilePipeline;
import jaxon.testing.GradCheck;
import jaxon.testing.LiveEquations;
import jaxon.testing.Traced;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Attention's derivative: its numbers, and what is saved and run for it.
class AttentionGradTest {
  private static final int LAYERS = 3;

  @ParameterizedTest
  @CsvSource({
    "true, 0, 0, 5, 2, 1",
    "true, 0, 0.7, 4, 2, 2",
    "true, 2, 0, 5, 2, 1",
    "false, 0, 0, 3, 3, 1",
    "false, 2, 0.9, 4, 4, 2",
    "true, 0, 0, 1, 1, 1",
  })
  void agreesWithDifferences(
      boolean causal, int window, double cap, int keys, int heads, int groups) {
    int queries = causal ? keys : 4;
    DotProductAttention core = new DotProductAttention(causal, window, 0.6, cap, false, false);
    List<Literal> inputs = inputs(queries, keys, heads, groups);

    GradCheck.check(
        inputs,
        a -> List.of(core.apply(a.get(0), a.get(1), a.get(2), a.get(3), a.get(causal ? 3 : 4))));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void sinksHaveADerivative(boolean causal) {
    DotProductAttention core = new DotProductAttention(causal, 2, 0.6, 0, false, false);
    List<Literal> inputs = new ArrayList<>(inputs(4, 4, 2, 1));
    inputs.add(Eager.random(DType.F64, 7, 2));

    GradCheck.check(
        inputs,
        a ->
            List.of(
                core.apply(a.get(0), a.get(1), a.get(2), a.get(3), a.get(4), a.get(5)).square()));
  }

  @Test
  void nothingOfTheSizeOfTheLogitsIsSaved() {
    Graph graph = optimized(layers(Optional.empty()));

    Equation forward = scans(graph).getFirst();
    List<List<Long>> stacked =
        forward.outputs().stream().map(y -> y.type().shape().toList()).toList();
    // The last x; then of each layer x, q = k, v and, once each, the result and the log-sum-exps.
    long length = 8;
    assertThat(stacked)
        .containsExactlyInAnyOrder(
            List.of(1L, length, 2L, 4L),
            List.of(3L, 1L, length, 2L, 4L),
            List.of(3L, 1L, length, 2L, 4L),
            List.of(3L, 1L, length, 2L, 4L),
            List.of(3L, 1L, length, 2L, 4L),
            List.of(3L, 1L, 2L, length));
    assertThat(runs(graph, DotProductAttention.COMPOSITE)).isEqualTo(1);
    assertThat(runs(graph, DotProductAttention.GRAD_COMPOSITE)).isEqualTo(1);
  }

  @Test
  void whatIsSavedAsContextIsNotRunAgain() {
    Graph graph = optimized(layers(Optional.of(new RematPolicy(false, List.of("context")))));

    assertThat(runs(graph, DotProductAttention.COMPOSITE)).isEqualTo(1);
    assertThat(scans(graph).getFirst().outputs()).as("x, and x, out, lse of each layer").hasSize(4);
  }

  @Test
  void fullRematRunsTheForwardKernelTwice() {
    Graph graph = optimized(layers(Optional.of(RematPolicy.FULL)));

    assertThat(runs(graph, DotProductAttention.COMPOSITE)).isEqualTo(2);
    assertThat(scans(graph).getFirst().outputs()).as("x, and x of each layer").hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"context", "none"})
  void rematDoesNotChangeTheNumbers(String saved) {
    List<Literal> inputs = layerInputs();
    List<Literal> expected = Traced.run(inputs, GradCheck.gradient(layers(Optional.empty())));

    List<Literal> found =
        Traced.run(
            inputs,
            GradCheck.gradient(layers(Optional.of(new RematPolicy(false, List.of(saved))))));

    assertThat(found).isEqualTo(expected);
  }

  /// `x = x + attention(sin x, sin x, sin x · w)` over scanned layers.
  private static UnaryOperator<List<Array>> layers(Optional<RematPolicy> policy) {
    DotProductAttention core = new DotProductAttention(true, 0, 0.5, 0, false, false);
    UnaryOperator<List<Array>> layer =
        a -> {
          Array x = a.get(0);
          Array h = x.sin();
          Array out = core.apply(h, h, h.mul(a.get(1)), a.get(2), a.get(2));
          return List.of(x.add(out.named("attention_out")));
        };
    return args ->
        Control.scan(
                LAYERS,
                false,
                List.of(args.get(0)),
                List.of(args.get(1)),
                (carry, w) -> {
                  List<Array> operands = List.of(carry.getFirst(), w.getFirst(), args.get(2));
                  List<Array> result =
                      policy.isEmpty()
                          ? layer.apply(operands)
                          : Control.remat(policy.get(), operands, layer);
                  return new Control.ScanResult(result, List.of());
                })
            .carry();
  }

  private static List<Literal> layerInputs() {
    return List.of(
        Eager.random(DType.F64, 1, 1, 8, 2, 4),
        Eager.random(DType.F64, 2, LAYERS),
        Eager.ints(new long[] {1, 8}, 1, 1, 1, 2, 2, 2, 2, 0));
  }

  private static Graph optimized(UnaryOperator<List<Array>> function) {
    Graph graph = Traced.graph(layerInputs(), GradCheck.gradient(function));
    return CompilePipeline.standard(_ -> true).run(graph, CompileOptions.DEFAULT);
  }

  private static List<Equation> scans(Graph graph) {
    return graph.equations().stream().filter(e -> e.op() instanceof ControlOp.Scan).toList();
  }

  private static long runs(Graph graph, String composite) {
    return LiveEquations.count(
        graph, op -> op instanceof ControlOp.Composite c && c.name().equals(composite));
  }

  private static List<Literal> inputs(int queries, int keys, int heads, int groups) {
    return List.of(
        Eager.random(DType.F64, 1, 1, queries, heads, 2),
        Eager.random(DType.F64, 2, 1, keys, groups, 2),
        Eager.random(DType.F64, 3, 1, keys, groups, 2),
        Literal.generateLongs(TensorType.of(DType.I32, 1, queries), i -> i < 2 ? 1 : 2),
        Literal.generateLongs(TensorType.of(DType.I32, 1, keys), i -> i < 1 ? 1 : i < 3 ? 2 : 3));
  }
}
