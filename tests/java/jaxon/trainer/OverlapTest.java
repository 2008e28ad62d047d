package jaxon.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Stream;
import jaxon.config.Configuration;
import jaxon.runtime.mesh.DeviceLinks;
import jaxon.sharding.DefaultRules;
import jaxon.sharding.Mesh;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Collectives beside other work change no bit of a training run.
class OverlapTest {
  private static final int STEPS = 4;
  private static final Duration DEADLINE = Duration.ofSeconds(60);

  @TempDir private static Path place;

  static Stream<Mesh> meshes() {
    return Stream.of(
        Mesh.of("data", 2),
        Mesh.of("fsdp", 4),
        Mesh.of("data", 2, "fsdp", 2),
        Mesh.of("fsdp", 2, "tensor", 2),
        Mesh.of("stage", 2, "fsdp", 2));
  }

  @ParameterizedTest
  @MethodSource("meshes")
  void changesNoBit(Mesh mesh) {
    assertThat(losses(mesh, "overlap_collectives=true"))
        .isEqualTo(losses(mesh, "overlap_collectives=false"));
  }

  @ParameterizedTest
  @MethodSource("meshes")
  void changesNoBitInBfloat16WithAccumulation(Mesh mesh) {
    String[] more = {"dtype=bfloat16", "gradient_accumulation_steps=2", "remat_policy=full"};
    assertThat(losses(mesh, with(more, "overlap_collectives=true")))
        .isEqualTo(losses(mesh, with(more, "overlap_collectives=false")));
  }

  private static String[] with(String[] settings, String one) {
    return Stream.concat(Stream.of(settings), Stream.of(one)).toArray(String[]::new);
  }

  /// Loss and gradient norm of each step, exactly.
  private static List<Double> losses(Mesh mesh, String... more) {
    RunMesh run = new RunMesh(mesh, DefaultRules.rules());
    List<Double> numbers = new ArrayList<>();
    try (TrainingSession session =
        TrainingSession.open(config(more), run, DeviceLinks.inProcess(mesh, DEADLINE))) {
      for (int step = 0; step < STEPS; step++) {
        SequencedMap<String, Double> metrics = session.step();
        numbers.add(metrics.get("learning/loss"));
        numbers.add(metrics.get("learning/raw_grad_norm"));
        numbers.add(metrics.get("learning/param_norm"));
      }
    }
    return numbers;
  }

  private static Configuration config(String... more) {
    List<String> settings =
        new ArrayList<>(
            List.of(
                "hardware=cpu",
                "dtype=float32",
                "num_threads=1",
                "base_num_decoder_layers=4",
                "base_emb_dim=64",
                "base_num_query_heads=4",
                "base_num_kv_heads=4",
                "head_dim=16",
                "base_mlp_dim=96",
                "vocab_size=260",
                "per_device_batch_size=4",
                "max_target_length=32"));
    settings.addAll(List.of(more));
    return TinyRun.config(place, settings.toArray(String[]::new));
  }
}
