package jaxon.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// XLA trains as the other backends do: the whole training step, loss by loss.
class XlaTrainingTest {
  @TempDir private static Path place;

  /// In bfloat16, activations have 8 bits, so that single roundings are seen in the loss.
  @ParameterizedTest
  @CsvSource({
    "float32, true, none, 1, 1e-4",
    "float32, true, full, 1, 1e-4",
    "float32, false, minimal, 2, 1e-4",
    "bfloat16, true, none, 1, 2e-2",
    "bfloat16, true, minimal, 2, 2e-2",
  })
  void fiftySteps(String dtype, boolean scan, String remat, int accumulation, double tolerance) {
    String[] variant = {
      "dtype=" + dtype,
      "scan_layers=" + scan,
      "remat_policy=" + remat,
      "gradient_accumulation_steps=" + accumulation
    };
    TrainedModel found = TrainedModel.train(place, "xla", variant);
    assertThat(found.losses()).hasSize(50);
    found.assertLearns();
    for (String judge : List.of("interpreter", "nd4j", "cpu")) {
      found.assertLosses(judge, TrainedModel.train(place, judge, variant), tolerance);
    }
  }
}
