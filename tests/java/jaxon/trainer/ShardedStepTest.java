package jaxon.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import jaxon.graph.type.Literal;
import jaxon.sharding.Mesh;
import jaxon.sharding.partition.CollectiveUse;
import jaxon.sharding.partition.PartitionedGraph;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A training step of a tiny Llama gives on a mesh what it gives on one device.
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
    "remat_policy=full",
    "dtype=float64",
    "weight_dtype=float64",
    "grad_dtype=float64"
  };

  @TempDir private Path place;

  static Stream<Mesh> meshes() {
    return Stream.of(
        Mesh.of("data", 2),
        Mesh.of("fsdp", 2),
        Mesh.of("fsdp", 4),
        Mesh.of("tensor", 2),
        Mesh.of("tensor", 4),
        Mesh.of("context", 2),
        Mesh.of("fsdp", 2, "tensor", 2),
        Mesh.of("data", 2, "fsdp", 2),
        Mesh.of("fsdp", 2, "context", 2),
        Mesh.of("context", 2, "tensor", 2),
        new Mesh(List.of("data", "fsdp", "tensor"), List.of(2, 2, 2)));
  }

  @ParameterizedTest
  @MethodSource("meshes")
  void givesTheResultsOfOneDevice(Mesh mesh) {
    ShardedSteps steps = new ShardedSteps(place, TINY);
    PartitionedGraph program = steps.partition(mesh);
    if (Boolean.getBoolean("show")) {
      CollectiveUse.of(program.graph()).forEach(use -> System.err.println(mesh + " " + use));
    }
    List<List<Literal>> expected = steps.runAlone(2);
    List<List<Literal>> found = steps.run(program, 2);
    for (int step = 0; step < expected.size(); step++) {
      for (int i = 0; i < expected.get(step).size(); i++) {
        assertClose(found.get(step).get(i), expected.get(step).get(i), 1e-10, "result " + i + " of step " + step);
      }
    }
  }

  static Stream<String> variants() {
    return Stream.of(
        "base_num_kv_heads=2",
        "scan_layers=false",
        "remat_policy=none",
        "remat_policy=minimal_with_context",
        "gradient_accumulation_steps=2",
        "num_vocab_tiling=2",
        "num_vocab_tiling=4",
        "logits_via_embedding=true",
        "dtype=bfloat16",
        "weight_dtype=bfloat16",
        "base_emb_dim=18",
        "attn_logits_soft_cap=20",
        "opt_type=sgd");
  }

  @ParameterizedTest
  @MethodSource("variants")
  void variants(String variant) {
    ShardedSteps steps =
        new ShardedSteps(
            place, Stream.concat(Stream.of(TINY), Stream.of(variant)).toArray(String[]::new));
    List<List<Literal>> expected = steps.runAlone(1);
    for (Mesh mesh :
        List.of(
            Mesh.of("fsdp", 2, "tensor", 4),
            Mesh.of("data", 2, "context", 2),
            Mesh.of("fsdp_transpose", 2, "tensor_sequence", 2),
            Mesh.of("fsdp", 2, "context", 2))) {
      PartitionedGraph program = steps.partition(mesh);
      if (Boolean.getBoolean("show")) {
        CollectiveUse.of(program.graph())
            .forEach(use -> System.err.println(variant + mesh + " " + use));
      }
      List<List<Literal>> found = steps.run(program, 1);
      for (int i = 0; i < expected.get(0).size(); i++) {
        assertClose(found.get(0).get(i), expected.get(0).get(i), variant.contains("float16") ? 0.1 : 1e-10, mesh + " result " + i);
      }
    }
  }

  /// Elements agree but for a part of the largest one of their tensor.
  private static void assertClose(
      Literal found, Literal expected, double tolerance, String what) {
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
