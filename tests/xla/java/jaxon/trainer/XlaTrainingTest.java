package jaxon.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// XLA trains as the other backends do: the whole training step, loss by loss.
class XlaTrainingTest {
  private static final List<String> SMALL =
      List.of(
          "base_num_decoder_layers=3",
          "base_emb_dim=16",
          "base_num_query_heads=4",
          "base_num_kv_heads=2",
          "head_dim=4",
          "base_mlp_dim=24",
          "per_device_batch_size=2",
          "max_target_length=12",
          "learning_rate=0.01",
          "warmup_steps_fraction=0.1",
          "steps=50");

  private static List<Double> losses(Path place, String hardware, String... overrides) {
    List<String> all = new ArrayList<>(SMALL);
    all.addAll(List.of(overrides));
    all.add("hardware=" + hardware);
    all.add("run_name=" + hardware);
    return TinyRun.train(place, all.toArray(String[]::new)).losses();
  }

  private static void assertNear(List<Double> found, List<Double> expected, double tolerance) {
    assertThat(found).hasSameSizeAs(expected);
    for (int step = 0; step < expected.size(); step++) {
      assertThat(found.get(step))
          .as("loss of step %d", step)
          .isCloseTo(expected.get(step), within(tolerance * expected.get(step)));
    }
  }

  @ParameterizedTest
  @CsvSource({"true, none, 1", "true, full, 1", "false, minimal, 2"})
  void fiftyStepsInFloat32(boolean scan, String remat, int accumulation, @TempDir Path place) {
    String[] variant = {
      "scan_layers=" + scan,
      "remat_policy=" + remat,
      "gradient_accumulation_steps=" + accumulation
    };
    List<Double> found = losses(place, "xla", variant);
    assertThat(found).hasSize(50);
    assertThat(found.getLast()).as("it learns").isLessThan(0.7 * found.getFirst());
    assertNear(found, losses(place, "interpreter", variant), 1e-4);
    assertNear(found, losses(place, "nd4j", variant), 1e-4);
  }

  /// Activations have 8 bits, so that single roundings are seen in the loss.
  @Test
  void fiftyStepsInBfloat16(@TempDir Path place) {
    List<Double> found = losses(place, "xla", "dtype=bfloat16");
    assertThat(found.getLast()).as("it learns").isLessThan(0.7 * found.getFirst());
    assertNear(found, losses(place, "interpreter", "dtype=bfloat16"), 0.02);
  }
}
