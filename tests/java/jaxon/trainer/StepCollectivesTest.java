package jaxon.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.op.CollectiveOp;
import jaxon.graph.op.ControlOp;
import jaxon.graph.type.TensorType;
import jaxon.layers.DotProductAttention;
import jaxon.layers.LinearCrossEntropy;
import jaxon.sharding.Mesh;
import jaxon.sharding.MeshAxis;
import jaxon.sharding.Pipelining;
import jaxon.sharding.partition.CollectiveUse;
import jaxon.sharding.partition.PartitionedGraph;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The collectives of a training step are those that each parallelism is about, and no others.
class StepCollectivesTest {
  private static final int LAYERS = 3;
  private static final long BATCH = 8;
  private static final long LENGTH = 16;
  private static final long WIDTH = 32;

  /// Bytes of a float32 activation `[B, T, D]`.
  private static final double ACTIVATION = 4.0 * BATCH * LENGTH * WIDTH;

  @TempDir private Path place;
  private ShardedSteps steps;

  @BeforeEach
  void trace() {
    steps = traced("num_vocab_tiling=1");
  }

  private ShardedSteps traced(String... more) {
    List<String> overrides =
        new ArrayList<>(
            List.of(
                "base_num_decoder_layers=" + LAYERS,
                "base_emb_dim=" + WIDTH,
                "base_num_query_heads=8",
                "base_num_kv_heads=4",
                "head_dim=8",
                "base_mlp_dim=48",
                "vocab_size=264",
                "per_device_batch_size=" + BATCH,
                "max_target_length=" + LENGTH,
                "remat_policy=full"));
    overrides.addAll(List.of(more));
    return new ShardedSteps(place, overrides.toArray(String[]::new));
  }

  /// Collectives of one kind on tensors of at least one dim.
  private record Tally(long times, double bytes) {
    static Tally of(PartitionedGraph program, Class<? extends CollectiveOp> kind, String axes) {
      List<CollectiveUse> uses =
          CollectiveUse.of(program.graph()).stream()
              .filter(use -> kind.isInstance(use.op()))
              .filter(use -> use.result().shape().rank() > 0)
              .filter(use -> String.join("+", use.op().group().axes()).equals(axes))
              .toList();
      return new Tally(
          uses.stream().mapToLong(CollectiveUse::times).sum(),
          uses.stream().mapToDouble(CollectiveUse::bytes).sum());
    }

    void assertIs(long expectedTimes, double expectedBytes) {
      assertThat(times).isEqualTo(expectedTimes);
      assertThat(bytes).isCloseTo(expectedBytes, within(1e-6 * expectedBytes + 1e-9));
    }
  }

  private static final Tally NOTHING = new Tally(0, 0);

  /// Bytes of all matrices of the layers.
  private double layerWeights() {
    return weights().stream()
        .filter(type -> type.shape().rank() > 2)
        .mapToDouble(TensorType::bytes)
        .sum();
  }

  /// Bytes of the embedding and the output layer.
  private double outerWeights() {
    return weights().stream()
        .filter(type -> type.shape().rank() == 2 && type.shape().dim(0) >= WIDTH)
        .mapToDouble(TensorType::bytes)
        .sum();
  }

  /// Bytes of the norms' scales.
  private double scales() {
    double all = weights().stream().mapToDouble(TensorType::bytes).sum();
    return all - layerWeights() - outerWeights();
  }

  private List<TensorType> weights() {
    return steps.programs().init().graph().outputTypes().subList(0, steps.programs().paramsSize());
  }

  @Test
  void dataReducesGradientsOnce() {
    PartitionedGraph program = steps.partition(Mesh.of("data", 4));
    double gradients = layerWeights() + outerWeights() + scales();
    Tally.of(program, CollectiveOp.AllReduce.class, "data")
        .assertIs(9L * LAYERS + 3, 2 * 3 / 4.0 * gradients);
    assertOnly(program, "data", CollectiveOp.AllReduce.class);
  }

  @Test
  void fsdpGathersWeightsTwiceAndScattersGradientsOnce() {
    PartitionedGraph program = steps.partition(Mesh.of("fsdp", 4));
    Tally.of(program, CollectiveOp.AllGather.class, "fsdp")
        .assertIs(2 * 7L * LAYERS + 2, 3 / 4.0 * (2 * layerWeights() + outerWeights()));
    Tally.of(program, CollectiveOp.ReduceScatter.class, "fsdp")
        .assertIs(7L * LAYERS + 2, 3 / 4.0 * (layerWeights() + outerWeights()));
    Tally.of(program, CollectiveOp.AllReduce.class, "fsdp")
        .assertIs(2L * LAYERS + 1, 2 * 3 / 4.0 * scales());
    assertThat(Tally.of(program, CollectiveOp.AllToAll.class, "fsdp")).isEqualTo(NOTHING);
    assertThat(gathersOutsideLoops(program)).as("only embedding and output layer").isEqualTo(2);
  }

  /// Partial gradients of all micro-batches are added up on each device first.
  @Test
  void accumulatedGradientsAreReducedOnceOverData() {
    steps = traced("num_vocab_tiling=1", "gradient_accumulation_steps=4");
    PartitionedGraph program = steps.partition(Mesh.of("data", 4));
    double gradients = layerWeights() + outerWeights() + scales();
    assertThat(CollectiveUse.of(program.graph()))
        .filteredOn(use -> use.result().shape().rank() > 0)
        .allMatch(use -> use.times() == 1);
    Tally.of(program, CollectiveOp.AllReduce.class, "data")
        .assertIs(9L + 3, 2 * 3 / 4.0 * gradients);
  }

  /// What is cut is scattered in each micro-batch, or a device would hold all of it; the sum over
  /// the replicas waits.
  @Test
  void accumulatedGradientsAreScatteredOverFsdpAndReducedOnceOverData() {
    steps = traced("num_vocab_tiling=1", "gradient_accumulation_steps=2");
    PartitionedGraph program = steps.partition(Mesh.of("data", 2, "fsdp", 4));
    double matrices = layerWeights() + outerWeights();
    Tally.of(program, CollectiveOp.ReduceScatter.class, "fsdp")
        .assertIs(2 * (7L * LAYERS + 2), 2 * 3 / 4.0 * matrices);
    Tally.of(program, CollectiveOp.AllReduce.class, "data")
        .assertIs(7L + 2, 2 / 2.0 * matrices / 4);
  }

  /// A weight of a layer is gathered inside the loop over layers, when it is its turn.
  private static long gathersOutsideLoops(PartitionedGraph program) {
    return program.graph().equations().stream()
        .filter(equation -> equation.op() instanceof CollectiveOp.AllGather)
        .count();
  }

  @Test
  void tensorGathersAndScattersActivationsAndNoWeights() {
    PartitionedGraph program = steps.partition(Mesh.of("tensor", 4));
    // Before and after attention and MLP: forward, again for the backward pass, backward; and once
    // each for embedding and output layer.
    Tally.of(program, CollectiveOp.AllGather.class, "tensor")
        .assertIs(6L * LAYERS + 2, 3 / 4.0 * (6 * LAYERS + 2) * ACTIVATION);
    Tally.of(program, CollectiveOp.ReduceScatter.class, "tensor")
        .assertIs(6L * LAYERS + 2, 3 / 4.0 * (6 * LAYERS + 2) * ACTIVATION);
    assertThat(Tally.of(program, CollectiveOp.AllToAll.class, "tensor")).isEqualTo(NOTHING);
    // Norms (one sum forward, one more backward) and the softmax of the loss reduce one number for
    // each token.
    Tally.of(program, CollectiveOp.AllReduce.class, "tensor")
        .assertIs(8L * LAYERS + 8, 2 * 3 / 4.0 * (8 * LAYERS + 8) * ACTIVATION / WIDTH);
  }

  @Test
  void contextGathersKeysAndValuesAndActsAsFsdpForWeights() {
    PartitionedGraph program = steps.partition(Mesh.of("context", 4));
    double keys = ACTIVATION * 4 * 8 / WIDTH;
    double segments = 4.0 * BATCH * LENGTH;
    Tally.of(program, CollectiveOp.AllGather.class, "context")
        .assertIs(
            (2 * 7 + 2 * 2 + 2) * LAYERS + 2L,
            3
                / 4.0
                * (2 * layerWeights() + outerWeights() + LAYERS * (2 * 2 * keys + 2 * segments)));
    Tally.of(program, CollectiveOp.ReduceScatter.class, "context")
        .assertIs(
            (7 + 2) * LAYERS + 2L, 3 / 4.0 * (layerWeights() + outerWeights() + LAYERS * 2 * keys));
    assertThat(Tally.of(program, CollectiveOp.AllToAll.class, "context")).isEqualTo(NOTHING);
  }

  @Test
  void dataAndFsdpTogetherReduceOnlyTheirOwnPart() {
    PartitionedGraph program = steps.partition(Mesh.of("data", 2, "fsdp", 4));
    double matrices = layerWeights() + outerWeights();
    Tally.of(program, CollectiveOp.ReduceScatter.class, "fsdp")
        .assertIs(7L * LAYERS + 2, 3 / 4.0 * matrices);
    Tally.of(program, CollectiveOp.AllReduce.class, "data")
        .assertIs(7L * LAYERS + 2, 2 / 2.0 * matrices / 4);
    assertThat(Tally.of(program, CollectiveOp.AllGather.class, "data")).isEqualTo(NOTHING);
  }

  @Test
  void stageSendsOneMicroBatchInEachTurnAndNoWeights() {
    steps = traced("num_vocab_tiling=1", "base_num_decoder_layers=4");
    PartitionedGraph program = steps.partition(Mesh.of("stage", 4));
    // Forward and backward, 4 micro-batches and 3 turns to fill and to drain.
    Tally.of(program, CollectiveOp.CollectivePermute.class, "stage")
        .assertIs(2 * (4 + 3), 3 / 4.0 * 2 * (4 + 3) * ACTIVATION / 4);
    // Into the pipelines and out of them, and the gradients of embedding and output layer.
    Tally.of(program, CollectiveOp.ReduceScatter.class, "stage")
        .assertIs(2 + 2, 3 / 4.0 * (2 * ACTIVATION + outerWeights()));
    // Activations, RoPE's two tables, segments, and the weights outside of the layers.
    double tables = 2 * 4.0 * BATCH * LENGTH * 4 + 4.0 * BATCH * LENGTH;
    Tally.of(program, CollectiveOp.AllGather.class, "stage")
        .assertIs(2 + 3 + 2, 3 / 4.0 * (2 * ACTIVATION + tables + outerWeights()));
    // The last norm is on all stages, which have their part of the batch.
    Tally.of(program, CollectiveOp.AllReduce.class, "stage").assertIs(1, 2 * 3 / 4.0 * 4 * WIDTH);
    assertThat(Tally.of(program, CollectiveOp.AllToAll.class, "stage")).isEqualTo(NOTHING);
  }

  @Test
  void stageAndFsdpSendWhatEachOfThemDoes() {
    steps = traced("num_vocab_tiling=1", "base_num_decoder_layers=4");
    PartitionedGraph program = steps.partition(Mesh.of("stage", 2, "fsdp", 2));
    // A device has half of the layers and of the batch, and gathers a layer in each of 3 turns.
    long gathered = 7L * 2 * 3;
    Tally.of(program, CollectiveOp.AllGather.class, "fsdp")
        .assertIs(2 * gathered, 2 * 3 * layerWeights() / 2 / 2);
    Tally.of(program, CollectiveOp.ReduceScatter.class, "fsdp")
        .assertIs(gathered, 3 * layerWeights() / 2 / 2);
    Tally.of(program, CollectiveOp.CollectivePermute.class, "stage")
        .assertIs(2 * 3, 2 * 3 * ACTIVATION / 4 / 2);
    Tally.of(program, CollectiveOp.ReduceScatter.class, "stage")
        .assertIs(2, 2 * ACTIVATION / 2 / 2);
    assertThat(Tally.of(program, CollectiveOp.AllToAll.class, "fsdp")).isEqualTo(NOTHING);
    // Embedding and output layer are cut over all devices.
    Tally.of(program, CollectiveOp.AllGather.class, "stage+fsdp")
        .assertIs(2, 3 / 4.0 * outerWeights());
    Tally.of(program, CollectiveOp.ReduceScatter.class, "stage+fsdp")
        .assertIs(2, 3 / 4.0 * outerWeights());
  }

  @Test
  void roundsSendActivationsAsOftenAndWeightsOnceThereAndBack() {
    steps = traced("num_vocab_tiling=1", "base_num_decoder_layers=4");
    PartitionedGraph program = steps.partition(Mesh.of("stage", 2), new Pipelining(4, 1));
    // Two rounds of four micro-batches and one turn to fill, around a ring.
    Tally.of(program, CollectiveOp.CollectivePermute.class, "stage")
        .assertIs(2 * (2 * 4 + 1), 2 * (2 * 4 + 1) * ACTIVATION / 4);
    // A stage gives half of its layers for half of those of the other, and gradients back.
    assertThat(Tally.of(program, CollectiveOp.AllToAll.class, "stage").bytes())
        .isEqualTo(2 * (layerWeights() + scales() - 4 * WIDTH) / 2 / 2);
    Tally.of(program, CollectiveOp.ReduceScatter.class, "stage")
        .assertIs(2 + 2, (2 * ACTIVATION + outerWeights()) / 2);
  }

  private static void assertOnly(
      PartitionedGraph program, String axes, Class<? extends CollectiveOp> kind) {
    assertThat(CollectiveUse.of(program.graph()))
        .allMatch(use -> kind.isInstance(use.op()))
        .allMatch(use -> use.op().group().axes().equals(List.of(axes)));
  }

  @Test
  void kernelsStayKernelsWhereBatchHeadsAndSequenceAreCut() {
    List<String> fused = List.of(DotProductAttention.COMPOSITE, DotProductAttention.GRAD_COMPOSITE);
    assertThat(composites(steps.partition(Mesh.of("data", 2, "fsdp", 2))))
        .containsAll(fused)
        .contains(LinearCrossEntropy.GRAD_COMPOSITE);
    assertThat(composites(steps.partition(Mesh.of("fsdp", 2, "tensor", 4)))).containsAll(fused);
    assertThat(composites(steps.partition(Mesh.of("context", 2))))
        .as("queries of a part of the sequence")
        .containsAll(fused)
        .contains(LinearCrossEntropy.GRAD_COMPOSITE);
    assertThat(composites(traced("num_vocab_tiling=4").partition(Mesh.of("fsdp", 4))))
        .contains(LinearCrossEntropy.GRAD_COMPOSITE);
  }

  private static List<String> composites(PartitionedGraph program) {
    List<String> names = new ArrayList<>();
    collect(program.graph(), names);
    return names;
  }

  private static void collect(Graph graph, List<String> names) {
    for (Equation equation : graph.equations()) {
      if (equation.op() instanceof ControlOp.Composite composite) {
        names.add(composite.name());
      }
      equation.regions().forEach(region -> collect(region, names));
    }
  }

  @Test
  void theStateFallsAsOneOverN() {
    long whole = stateBytes(steps.partition(Mesh.of("data", 1)));
    long cut = stateBytes(steps.partition(Mesh.of("fsdp", 8)));
    assertThat(cut).isCloseTo(whole / 8, within((long) (3 * scales())));
  }

  private long stateBytes(PartitionedGraph program) {
    return program.graph().inputTypes().subList(0, steps.programs().stateSize()).stream()
        .mapToLong(TensorType::bytes)
        .sum();
  }

  @Test
  void aThousandDevicesNeedNoDevices() {
    ShardedSteps large =
        traced("base_emb_dim=256", "per_device_batch_size=64", "base_num_kv_heads=8");
    Mesh mesh = new Mesh(MeshAxis.ALL, List.of(1, 4, 1, 16, 1, 2, 1, 1, 8, 1, 1, 1));
    PartitionedGraph program = large.partition(mesh);
    assertThat(mesh.devices()).isEqualTo(1024);
    assertThat(program.graph().inputTypes().getLast().shape().toList())
        .containsExactly(1L, LENGTH / 2);
    assertThat(CollectiveUse.of(program.graph()))
        .noneMatch(use -> use.op() instanceof CollectiveOp.AllToAll);
  }
}
