package jaxon.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Stream;
import jaxon.autodiff.Grad;
import jaxon.graph.Graph;
import jaxon.graph.interpret.Interpreter;
import jaxon.graph.op.AxisGroup;
import jaxon.graph.trace.Array;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;
import jaxon.layers.DotProductAttention.Positions;
import jaxon.sharding.LogicalAxisRules;
import jaxon.sharding.Mesh;
import jaxon.sharding.PartitionSpec;
import jaxon.sharding.partition.Partitioner;
import jaxon.sharding.simulate.MeshInterpreter;
import jaxon.testing.Traced;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Attention in a ring gives results and gradients of attention at once.
class RingAttentionTest {
  private static final long BATCH = 2;
  private static final long LENGTH = 12;

  @ParameterizedTest
  @CsvSource({
    "2, true, 0, 0, false",
    "4, true, 0, 0, false",
    "3, true, 5, 0.8, true",
    "4, false, 0, 0, true",
    "4, false, 3, 0, false",
    "6, true, 1, 0, true",
    "12, true, 0, 1.5, false",
  })
  void agreesWithAttentionAtOnce(
      int devices, boolean causal, int window, double cap, boolean hasSinks) {
    DotProductAttention form = new DotProductAttention(causal, window, 0.4, cap, true, true);
    AxisGroup ring = new AxisGroup(List.of("ring"), devices);
    List<Literal> inputs = inputs(hasSinks);
    List<Literal> expected =
        Interpreter.run(
            graph(inputs, form, all -> SavedAttention.apply(all, form::forward, form::gradients)),
            inputs);

    RingAttention inRing = new RingAttention(form, ring);
    Graph graph =
        graph(inputs, form, all -> SavedAttention.apply(all, inRing::forward, inRing::gradients));
    List<Literal> found =
        MeshInterpreter.run(
            Partitioner.partition(
                graph,
                Mesh.of("data", 2, "ring", devices),
                inputs.stream().map(RingAttentionTest::spec).toList(),
                Collections.nCopies(graph.outputs().size(), Optional.empty()),
                new LogicalAxisRules(List.of())),
            inputs);

    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      assertThat(found.get(i).toDoubles())
          .as("result %d", i)
          .containsExactly(expected.get(i).toDoubles(), within(1e-12));
    }
  }

  private static PartitionSpec spec(Literal input) {
    return switch (input.type().shape().rank()) {
      case 4 -> PartitionSpec.of("data", "ring", "", "");
      case 2 -> PartitionSpec.of("data", "ring");
      default -> PartitionSpec.of("");
    };
  }

  /// q, k, v, segments with some that no key has, places in another order, sinks.
  private static List<Literal> inputs(boolean hasSinks) {
    SplittableRandom random = new SplittableRandom(3);
    List<Literal> all = new ArrayList<>();
    for (long heads : List.of(4, 2, 2)) {
      all.add(
          Literal.generate(
              TensorType.of(DType.F64, BATCH, LENGTH, heads, 3), _ -> random.nextDouble(-1, 1)));
    }
    TensorType tokens = TensorType.of(DType.I32, BATCH, LENGTH);
    all.add(Literal.generateLongs(tokens, i -> i % 5 == 3 ? 9 : i % LENGTH / 7));
    all.add(Literal.generateLongs(tokens, i -> i % LENGTH / 7));
    all.add(Literal.generateLongs(TensorType.of(DType.I32, LENGTH), i -> (i * 5 + 2) % LENGTH));
    if (hasSinks) {
      all.add(Literal.generate(TensorType.of(DType.F64, 4), _ -> random.nextDouble(-1, 1)));
    }
    return all;
  }

  private static Graph graph(
      List<Literal> inputs, DotProductAttention form, Function<List<Array>, Array> attention) {
    return Traced.graph(
        inputs,
        a -> {
          List<Array> params =
              Stream.concat(a.subList(0, 3).stream(), a.subList(6, a.size()).stream()).toList();
          Optional<Positions> positions = Optional.of(Positions.of(a.get(5)));
          Grad.ValueAndGrad<List<Array>, Array> result =
              Grad.valueAndGrad(
                  params,
                  p -> {
                    Optional<Array> sinks = p.size() > 3 ? Optional.of(p.get(3)) : Optional.empty();
                    List<Array> operands =
                        form.operands(
                            p.get(0), p.get(1), p.get(2), a.get(3), a.get(4), sinks, positions);
                    Array out = attention.apply(operands);
                    return new Grad.Objective<>(out.square().sum(), out);
                  });
          List<Array> all = new ArrayList<>(List.of(result.aux()));
          all.addAll(result.grad());
          return all;
        });
  }
}
