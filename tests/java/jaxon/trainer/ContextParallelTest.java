package jaxon.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import jaxon.config.Configuration;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.Var;
import jaxon.graph.op.CollectiveOp;
import jaxon.graph.op.ControlOp;
import jaxon.graph.type.Literal;
import jaxon.layers.DotProductAttention;
import jaxon.runtime.mesh.DeviceLinks;
import jaxon.sharding.DefaultRules;
import jaxon.sharding.Mesh;
import jaxon.sharding.partition.CollectiveUse;
import jaxon.sharding.partition.PartitionedGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Sequences cut over devices, by every strategy and in every order.
class ContextParallelTest {
  private static final long LENGTH = 16;

  private static final String[] TINY = {
    "hardware=cpu",
    "num_threads=1",
    "base_num_decoder_layers=2",
    "base_emb_dim=16",
    "base_num_query_heads=8",
    "base_num_kv_heads=4",
    "head_dim=4",
    "base_mlp_dim=24",
    "vocab_size=260",
    "per_device_batch_size=4",
    "max_target_length=" + LENGTH,
    "remat_policy=full"
  };

  private static final String[] DOUBLE = {
    "dtype=float64", "weight_dtype=float64", "grad_dtype=float64"
  };

  private static final Mesh FOUR = Mesh.of("context", 4);

  @TempDir private Path place;

  private static String[] with(String[] first, String... more) {
    return Stream.concat(Stream.of(first), Stream.of(more)).toArray(String[]::new);
  }

  private static RunMesh on(Mesh mesh) {
    return new RunMesh(mesh, DefaultRules.rules());
  }

  /// The state after a step, so gradients too.
  @ParameterizedTest
  @CsvSource({
    "all_gather, true",
    "all_gather, false",
    "ring, true",
    "ring, false",
    "ulysses, true"
  })
  void aStepGivesTheResultsOfOneDevice(String strategy, boolean balances) {
    String[] overrides = with(TINY, DOUBLE);
    List<Literal> expected = new ShardedSteps(place, overrides).runAlone(1).getFirst();
    List<Mesh> meshes =
        List.of(
            Mesh.of("context", 2),
            FOUR,
            Mesh.of("fsdp", 2, "context", 2),
            Mesh.of("context", 2, "tensor", 2),
            Mesh.of("stage", 2, "context", 2));
    boolean pipelines = !strategy.equals("ring");
    for (Mesh mesh : meshes.subList(0, pipelines ? 5 : 4)) {
      ShardedSteps steps =
          new ShardedSteps(
              mesh,
              place,
              with(
                  overrides,
                  "context_parallel_strategy=" + strategy,
                  "context_parallel_load_balance=" + balances));
      List<Literal> found = steps.run(steps.partition(mesh), 1).getFirst();
      for (int i = 0; i < expected.size(); i++) {
        assertClose(found.get(i), expected.get(i), "result %d on %s".formatted(i, mesh));
      }
    }
  }

  /// Elements agree but for a part of the largest one of their tensor.
  private static void assertClose(Literal found, Literal expected, String what) {
    double largest = 0;
    for (double value : expected.toDoubles()) {
      largest = Math.max(largest, Math.abs(value));
    }
    assertThat(found.toDoubles())
        .as(what)
        .containsExactly(expected.toDoubles(), within(1e-10 * largest));
  }

  /// By the kernels, in float32; all_gather is among the meshes of MeshTrainingTest.
  @Test
  void twentyStepsHaveTheLossesOfOneDevice() {
    List<Double> expected;
    try (TrainingSession session = TrainingSession.open(floats("all_gather"))) {
      expected = losses(session);
    }
    assertLosses("ring", FOUR, expected);
    assertLosses("ulysses", Mesh.of("context", 2, "tensor", 2), expected);
  }

  private Configuration floats(String strategy) {
    return TinyRun.config(
        place, with(TINY, "dtype=float32", "context_parallel_strategy=" + strategy));
  }

  private void assertLosses(String strategy, Mesh mesh, List<Double> expected) {
    DeviceLinks links = DeviceLinks.inProcess(mesh, Duration.ofSeconds(60));
    try (TrainingSession session = TrainingSession.open(floats(strategy), on(mesh), links)) {
      List<Double> found = losses(session);
      for (int step = 0; step < expected.size(); step++) {
        assertThat(found.get(step))
            .as("%s: loss of step %d on %s", strategy, step, mesh)
            .isCloseTo(expected.get(step), within(1e-5 * expected.get(step)));
      }
    }
  }

  private static List<Double> losses(TrainingSession session) {
    List<Double> losses = new ArrayList<>();
    for (int step = 0; step < 20; step++) {
      losses.add(session.step().get("learning/loss"));
    }
    return losses;
  }

  private PartitionedGraph partitioned(Mesh mesh, String... more) {
    ShardedSteps steps = new ShardedSteps(mesh, place, with(TINY, more));
    return steps.partition(mesh);
  }

  /// Uses of one collective on tensors of keys, values, queries and their like.
  private static List<CollectiveUse> ofHeads(
      PartitionedGraph program, Class<? extends CollectiveOp> kind) {
    return CollectiveUse.of(program.graph()).stream()
        .filter(use -> kind.isInstance(use.op()))
        .filter(use -> use.result().shape().rank() == 4)
        .toList();
  }

  private static long times(List<CollectiveUse> uses) {
    return uses.stream().mapToLong(CollectiveUse::times).sum();
  }

  @Test
  void allGatherGathersKeysAndValuesAndScattersTheirGradients() {
    PartitionedGraph program = partitioned(FOUR, "context_parallel_strategy=all_gather");
    // Keys and values in two layers, forward and again for the backward pass.
    assertThat(times(ofHeads(program, CollectiveOp.AllGather.class))).isEqualTo(2 * 2 * 2);
    assertThat(times(ofHeads(program, CollectiveOp.ReduceScatter.class))).isEqualTo(2 * 2);
    assertThat(ofHeads(program, CollectiveOp.AllToAll.class)).isEmpty();
    assertThat(ofHeads(program, CollectiveOp.CollectivePermute.class)).isEmpty();
  }

  @Test
  void ringSendsKeysAndValuesAround() {
    PartitionedGraph program = partitioned(FOUR, "context_parallel_strategy=ring");
    // Three times keys and values in two layers, forward, again, and backward; there their
    // gradients, too, which go all the way home.
    assertThat(times(ofHeads(program, CollectiveOp.CollectivePermute.class)))
        .isEqualTo(2 * (3 * 2 * 3 + 4 * 2));
    assertThat(ofHeads(program, CollectiveOp.AllGather.class)).isEmpty();
    assertThat(ofHeads(program, CollectiveOp.ReduceScatter.class)).isEmpty();
    assertThat(ofHeads(program, CollectiveOp.AllToAll.class)).isEmpty();
  }

  @Test
  void ulyssesExchangesHeadsForTheSequence() {
    PartitionedGraph program = partitioned(FOUR, "context_parallel_strategy=ulysses");
    // Queries, keys, values and the result in two layers, forward, again, and backward.
    assertThat(times(ofHeads(program, CollectiveOp.AllToAll.class))).isEqualTo(2 * (4 * 3));
    assertThat(ofHeads(program, CollectiveOp.AllGather.class)).isEmpty();
    assertThat(ofHeads(program, CollectiveOp.ReduceScatter.class)).isEmpty();
    assertThat(ofHeads(program, CollectiveOp.CollectivePermute.class)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"all_gather", "ring", "ulysses"})
  void attentionStaysAKernelAndItsLogitsAreNeverThere(String strategy) {
    PartitionedGraph program = partitioned(FOUR, "context_parallel_strategy=" + strategy);
    List<String> names = new ArrayList<>();
    List<Var> values = new ArrayList<>();
    collect(program.graph(), names, values);
    assertThat(names).contains(DotProductAttention.COMPOSITE, DotProductAttention.GRAD_COMPOSITE);
    assertThat(values)
        .as("values with a dim for queries and one for keys")
        .noneMatch(value -> value.type().shape().rank() > 4);
  }

  /// Of two devices, each with 8 heads and half of 512 queries, in float32.
  @Test
  void theMemoryPlanHasNoRoomForLogits() {
    long logits = 2 * 8 * 256 * 512 * 4;
    Mesh mesh = Mesh.of("context", 2);
    String[] large = {
      "max_target_length=512", "per_device_batch_size=1", "base_num_decoder_layers=1"
    };
    DeviceLinks links = DeviceLinks.inProcess(mesh, Duration.ofSeconds(60));
    Configuration config = TinyRun.config(place, with(with(TINY, large), "dtype=float32"));
    try (TrainingSession session = TrainingSession.open(config, on(mesh), links)) {
      assertThat(session.memory().step()).isLessThan(logits);
    }
  }

  private static void collect(Graph graph, List<String> names, List<Var> values) {
    for (Equation equation : graph.equations()) {
      values.addAll(equation.outputs());
      if (equation.op() instanceof ControlOp.Composite composite) {
        names.add(composite.name());
      } else {
        equation.regions().forEach(region -> collect(region, names, values));
      }
    }
  }

  @Test
  void everyDeviceGetsAnEarlyAndALatePiece() {
    assertThat(new TokenOrder(2).positions(8)).containsExactly(0, 1, 6, 7, 2, 3, 4, 5);
    assertThat(new TokenOrder(2).apply(new int[] {10, 11, 12, 13, 20, 21, 22, 23}, 4))
        .containsExactly(10, 13, 11, 12, 20, 23, 21, 22);
    assertThat(TokenOrder.IN_ORDER.positions(3)).containsExactly(0, 1, 2);
  }

  @Test
  void ringInAPipelineIsAUsageError() {
    Mesh mesh = Mesh.of("stage", 2, "context", 2);
    assertThatThrownBy(() -> partitioned(mesh, "context_parallel_strategy=ring"))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("does not go together with pipeline stages");
  }

  @ParameterizedTest
  @CsvSource({
    "max_target_length=12, does not divide by 8",
    "max_target_length=12, context_parallel_load_balance=false",
    "context_parallel_strategy=ring max_target_length=18 context_parallel_load_balance=false,"
        + " 18 does not divide by 4",
    "context_parallel_strategy=ulysses base_num_kv_heads=2, num_kv_heads among the 4 devices along"
        + " context",
  })
  void whatDoesNotDivideIsAUsageError(String overrides, String message) {
    assertThatThrownBy(() -> partitioned(FOUR, overrides.split(" ")))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining(message);
  }
}
