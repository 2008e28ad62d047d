package jaxon.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import jaxon.config.Configuration;
import jaxon.sharding.DefaultRules;
import jaxon.sharding.Mesh;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Training on the devices of a mesh gives the losses of one device.
class MeshTrainingTest {
  private static final int STEPS = 20;

  private static final String[] TINY = {
    "hardware=cpu",
    "dtype=float32",
    "num_threads=1",
    "base_num_decoder_layers=2",
    "base_emb_dim=32",
    "base_num_query_heads=4",
    "base_num_kv_heads=4",
    "head_dim=8",
    "base_mlp_dim=48",
    "vocab_size=260",
    "per_device_batch_size=4",
    "max_target_length=16",
  };

  @TempDir private Path place;

  static Stream<Mesh> meshes() {
    return Stream.of(
        Mesh.of("data", 2),
        Mesh.of("data", 4),
        Mesh.of("fsdp", 2),
        Mesh.of("fsdp", 4),
        Mesh.of("tensor", 2),
        Mesh.of("tensor", 4),
        Mesh.of("context", 2),
        Mesh.of("context", 4),
        Mesh.of("fsdp", 2, "tensor", 2),
        Mesh.of("data", 2, "fsdp", 2),
        Mesh.of("fsdp", 2, "context", 2),
        Mesh.of("context", 2, "tensor", 2),
        new Mesh(List.of("data", "fsdp", "tensor"), List.of(2, 2, 2)));
  }

  @ParameterizedTest
  @MethodSource("meshes")
  void lossesAreThoseOfOneDevice(Mesh mesh) {
    List<Double> expected = losses(Mesh.of("data", 1));
    List<Double> found = losses(mesh);
    for (int step = 0; step < STEPS; step++) {
      assertThat(found.get(step))
          .as("loss of step %d on %s", step, mesh)
          .isCloseTo(expected.get(step), within(1e-5 * expected.get(step)));
    }
  }

  private List<Double> losses(Mesh mesh) {
    Configuration config = TinyRun.config(place, TINY);
    List<Double> losses = new ArrayList<>();
    try (TrainingSession session =
        TrainingSession.open(config, new RunMesh(mesh, DefaultRules.rules()))) {
      for (int step = 0; step < STEPS; step++) {
        losses.add(session.step().get("learning/loss"));
      }
    }
    return losses;
  }
}
