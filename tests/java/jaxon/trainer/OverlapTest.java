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
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Collectives beside other work change no bit of a training run.
class OverlapTest {
  private static final int STEPS = 3;
  private static final Duration DEADLINE = Duration.ofMinutes(5);

  @TempDir private static Path place;

  static Stream<Arguments> runs() {
    return Stream.of(
        Arguments.of(Mesh.of("data", 2, "fsdp", 2), List.of("remat_policy=full")),
        Arguments.of(Mesh.of("fsdp", 2, "tensor", 2), List.of("dtype=bfloat16")),
        Arguments.of(Mesh.of("data", 2), List.of("gradient_accumulation_steps=2")));
  }

  @ParameterizedTest
  @MethodSource("runs")
  void changesNoBit(Mesh mesh, List<String> more) {
    assertThat(losses(mesh, more, "overlap_collectives=true"))
        .isEqualTo(losses(mesh, more, "overlap_collectives=false"));
  }

  /// Loss and gradient norm of each step, exactly.
  private static List<Double> losses(Mesh mesh, List<String> more, String overlap) {
    RunMesh run = new RunMesh(mesh, DefaultRules.rules());
    List<Double> numbers = new ArrayList<>();
    try (TrainingSession session =
        TrainingSession.open(config(more, overlap), run, DeviceLinks.inProcess(mesh, DEADLINE))) {
      for (int step = 0; step < STEPS; step++) {
        SequencedMap<String, Double> metrics = session.step();
        numbers.add(metrics.get("learning/loss"));
        numbers.add(metrics.get("learning/raw_grad_norm"));
        numbers.add(metrics.get("learning/param_norm"));
      }
    }
    return numbers;
  }

  private static Configuration config(List<String> more, String overlap) {
    List<String> settings =
        new ArrayList<>(
            List.of(
                "hardware=cpu",
                "dtype=float32",
                "num_threads=1",
                "base_num_decoder_layers=3",
                "base_emb_dim=32",
                "base_num_query_heads=4",
                "base_num_kv_heads=4",
                "head_dim=8",
                "base_mlp_dim=48",
                "vocab_size=260",
                "per_device_batch_size=4",
                "max_target_length=16"));
    settings.addAll(more);
    settings.add(overlap);
    return TinyRun.config(place, settings.toArray(String[]::new));
  }
}
