package jaxon.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import jaxon.graph.type.Literal;
import jaxon.sharding.Mesh;
import jaxon.sharding.Pipelining;
import jaxon.sharding.partition.PartitionedGraph;
import jaxon.sharding.partition.PipelineChecks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Training steps of a tiny Llama give on a mesh what they give on one device.
class ShardedStepTest {
  private static final String[] TINY = {
    "base_num_decoder_layers=2",
    "base_emb_dim=16",
    "base_num_query_heads=4",
    "base_num_kv_heads=4",
    "head_dim=4",
    "base_mlp_dim=24",
    "vocab_size=260",
    "per_device_batch_size=4",
    "max_target_length=8",
    "z_loss_multiplier=0.0001",
    "remat_policy=full"
  };

  private static final String[] DOUBLE = {
    "dtype=float64", "weight_dtype=float64", "grad_dtype=float64"
  };

  @TempDir private Path place;

  private ShardedSteps steps(String... overrides) {
    return new ShardedSteps(
        place, Stream.concat(Stream.of(TINY), Stream.of(overrides)).toArray(String[]::new));
  }

  @Test
  void givesTheResultsOfOneDevice() {
    ShardedSteps steps = steps(DOUBLE);
    List<List<Literal>> expected = steps.runAlone(2);
    Stream<Mesh> others =
        Stream.of(
            Mesh.of("fsdp_transpose", 2), Mesh.of("tensor_sequence", 2), Mesh.of("expert", 2));
    for (Mesh mesh : Stream.concat(DenseMeshes.all(), others).toList()) {
      assertSame(steps, mesh, expected, 1e-10);
    }
  }

  @Test
  void pipelinesGiveTheResultsOfOneDevice() {
    ShardedSteps steps = steps(DOUBLE[0], DOUBLE[1], DOUBLE[2], "base_num_decoder_layers=4");
    List<List<Literal>> expected = steps.runAlone(2);
    for (Mesh mesh :
        List.of(
            Mesh.of("stage", 2),
            Mesh.of("stage", 4),
            Mesh.of("stage", 2, "fsdp", 2),
            Mesh.of("stage", 2, "tensor", 2),
            Mesh.of("data", 2, "stage", 2),
            Mesh.of("stage", 2, "context", 2),
            new Mesh(List.of("data", "stage", "fsdp"), List.of(2, 2, 2)))) {
      assertSame(steps, mesh, expected, 1e-10);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "base_num_kv_heads=2",
        "remat_policy=none",
        "remat_policy=minimal",
        "remat_policy=minimal_with_context",
        "gradient_accumulation_steps=2",
        "num_vocab_tiling=4",
        "logits_via_embedding=true",
        "base_num_decoder_layers=2",
        "opt_type=sgd"
      })
  void pipelinesWhateverTheModelIs(String variant) {
    ShardedSteps steps =
        steps(DOUBLE[0], DOUBLE[1], DOUBLE[2], "base_num_decoder_layers=4", variant);
    List<List<Literal>> expected = steps.runAlone(1);
    for (Mesh mesh : List.of(Mesh.of("stage", 2), Mesh.of("stage", 2, "fsdp", 2))) {
      PartitionedGraph program = assertSame(steps, mesh, expected, 1e-10);
      assertThat(PipelineChecks.permutes(program)).as("forward and backward pipeline").hasSize(2);
    }
  }

  @Test
  void inFloat32AsWell() {
    ShardedSteps steps = steps("dtype=float32");
    List<List<Literal>> expected = steps.runAlone(1);
    for (Mesh mesh : List.of(Mesh.of("fsdp", 4), Mesh.of("fsdp", 2, "tensor", 2))) {
      assertSame(steps, mesh, expected, 2e-5);
    }
  }

  @Test
  void inBfloat16Roughly() {
    ShardedSteps steps = steps("dtype=bfloat16");
    List<List<Literal>> expected = steps.runAlone(1);
    assertSame(steps, Mesh.of("fsdp", 2, "tensor", 2), expected, 0.1);
    assertSame(steps, Mesh.of("stage", 2, "fsdp", 2), expected, 0.1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "base_num_kv_heads=2",
        "scan_layers=false",
        "remat_policy=none",
        "remat_policy=minimal_with_context",
        "gradient_accumulation_steps=2",
        "num_vocab_tiling=4",
        "logits_via_embedding=true",
        "base_emb_dim=18",
        "opt_type=sgd"
      })
  void whateverTheModelIs(String variant) {
    ShardedSteps steps = steps(DOUBLE[0], DOUBLE[1], DOUBLE[2], variant);
    List<List<Literal>> expected = steps.runAlone(1);
    for (Mesh mesh :
        List.of(
            Mesh.of("fsdp", 2, "tensor", 4),
            new Mesh(List.of("data", "context", "tensor_sequence"), List.of(2, 2, 2)))) {
      assertSame(steps, mesh, expected, 1e-10);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "remat_policy=full",
        "remat_policy=minimal_with_context",
        "gradient_accumulation_steps=2",
        "dtype=bfloat16"
      })
  void pipelinesOfSeveralRounds(String variant) {
    ShardedSteps steps =
        steps(DOUBLE[0], DOUBLE[1], DOUBLE[2], "base_num_decoder_layers=4", variant);
    List<List<Literal>> expected = steps.runAlone(1);
    double tolerance = variant.startsWith("dtype") ? 0.1 : 1e-10;
    for (Mesh mesh : List.of(Mesh.of("stage", 2), Mesh.of("stage", 2, "fsdp", 2))) {
      PartitionedGraph program = steps.partition(mesh, new Pipelining(-1, 1));
      assertSame(steps, program, expected, tolerance);
      assertThat(PipelineChecks.permutes(program)).hasSize(2);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "remat_policy=none",
        "gradient_accumulation_steps=2",
        "num_vocab_tiling=4",
        "logits_via_embedding=true"
      })
  void pipelinesThatInterleave(String variant) {
    ShardedSteps steps =
        steps(DOUBLE[0], DOUBLE[1], DOUBLE[2], "per_device_batch_size=16", variant);
    List<List<Literal>> expected = steps.runAlone(1);
    PartitionedGraph program =
        steps.partition(Mesh.of("stage", 2, "fsdp", 2), new Pipelining(2, -1, true));
    assertSame(steps, program, expected, 1e-10);
    assertThat(PipelineChecks.permutes(program))
        .as("forward alone, both in the turns of all, backward alone")
        .hasSize(4);
  }

  private static PartitionedGraph assertSame(
      ShardedSteps steps, Mesh mesh, List<List<Literal>> expected, double tolerance) {
    PartitionedGraph program = steps.partition(mesh);
    assertSame(steps, program, expected, tolerance);
    return program;
  }

  private static void assertSame(
      ShardedSteps steps,
      PartitionedGraph program,
      List<List<Literal>> expected,
      double tolerance) {
    List<List<Literal>> found = steps.run(program, expected.size());
    for (int step = 0; step < expected.size(); step++) {
      for (int i = 0; i < expected.get(step).size(); i++) {
        String what = "result %d of step %d on %s".formatted(i, step, program.mesh());
        assertClose(found.get(step).get(i), expected.get(step).get(i), tolerance, what);
      }
    }
  }

  /// Elements agree but for a part of the largest one of their tensor.
  private static void assertClose(Literal found, Literal expected, double tolerance, String what) {
    assertThat(found.type()).isEqualTo(expected.type());
    double largest = 0;
    for (double value : expected.toDoubles()) {
      largest = Math.max(largest, Math.abs(value));
    }
    for (int i = 0; i < expected.type().shape().elements(); i++) {
      assertThat(found.get(i))
          .as("%s, element %d of %s", what, i, expected.type())
          .isCloseTo(expected.get(i), within(tolerance * largest));
    }
  }
}
