package jaxon.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A whole model trains the same on every backend, step after step.
class BackendAgreementTest {
  @TempDir private static Path place;

  @ParameterizedTest
  @CsvSource({"float32, none, 1e-4", "bfloat16, minimal, 2e-2"})
  void fiftySteps(String dtype, String remat, double tolerance) {
    String[] variant = {"dtype=" + dtype, "remat_policy=" + remat};
    TrainedModel found = TrainedModel.train(place, "cpu", variant);
    assertThat(found.losses()).hasSize(50);
    found.assertLearns();
    for (String judge : List.of("interpreter", "nd4j")) {
      found.assertLosses(judge, TrainedModel.train(place, judge, variant), tolerance);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "true, full, 1",
    "true, minimal, 2",
    "false, full, 1",
    "false, none, 2",
  })
  void otherFormsOfTheStep(boolean scan, String remat, int accumulation) {
    String[] variant = {
      "scan_layers=" + scan,
      "remat_policy=" + remat,
      "gradient_accumulation_steps=" + accumulation,
      "base_num_decoder_layers=3",
      "steps=6"
    };
    TrainedModel expected = TrainedModel.train(place, "interpreter", variant);
    for (String engine : List.of("cpu", "nd4j")) {
      TrainedModel.train(place, engine, variant).assertLosses("interpreter", expected, 1e-5);
    }
  }
}
