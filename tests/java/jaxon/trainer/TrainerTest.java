package jaxon.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import jaxon.config.ConfigLoader;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What a run of three steps writes and prints.
class TrainerTest {
  @TempDir private static Path place;
  private static TinyRun run;

  @BeforeAll
  static void train() {
    run = TinyRun.train(place, "z_loss_multiplier=1e-2", "learning_rate_final_fraction=1");
  }

  @Test
  void writesConfigurationMetricsAndEvents() throws IOException {
    try (Stream<Path> files = Files.list(run.directory())) {
      assertThat(files.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder("config.yml", "metrics.jsonl", "tensorboard");
    }
    try (Stream<Path> events = Files.list(run.directory().resolve("tensorboard"))) {
      assertThat(events).singleElement().satisfies(file -> assertThat(file).isNotEmptyFile());
    }
    ConfigLoader loader = new ConfigLoader(place, place, Map.of());
    assertThat(loader.load(run.directory().resolve("config.yml").toString(), List.of()))
        .isEqualTo(run.config());
  }

  @Test
  void metricsHaveOneObjectForEachStepWithTheNamesOfMaxText() {
    List<JsonNode> lines = run.metrics();
    assertThat(lines).extracting(line -> line.get("step").asInt()).containsExactly(0, 1, 2);
    for (JsonNode line : lines) {
      assertThat(line.propertyNames())
          .containsExactly(
              "step",
              "learning/loss",
              "learning/lm_loss",
              "learning/perplexity",
              "learning/z_loss",
              "learning/total_weights",
              "learning/grad_norm",
              "learning/raw_grad_norm",
              "learning/param_norm",
              "learning/current_learning_rate",
              "perf/step_time_seconds",
              "perf/per_device_tflops",
              "perf/per_device_tflops_per_sec",
              "perf/per_device_tokens",
              "perf/per_device_tokens_per_sec");
      double lmLoss = line.get("learning/lm_loss").asDouble();
      double zLoss = line.get("learning/z_loss").asDouble();
      assertThat(zLoss).isPositive();
      assertThat(line.get("learning/loss").asDouble()).isCloseTo(lmLoss + zLoss, within(1e-6));
      assertThat(line.get("learning/perplexity").asDouble())
          .isCloseTo(Math.exp(lmLoss), within(1e-3));
      assertThat(line.get("learning/total_weights").asInt()).isEqualTo(16);
      assertThat(line.get("learning/grad_norm").asDouble())
          .isEqualTo(Math.min(1, line.get("learning/raw_grad_norm").asDouble()), within(1e-6));
      assertThat(line.get("learning/current_learning_rate").asDouble())
          .isEqualTo(1e-2, within(1e-8));
      assertThat(line.get("perf/per_device_tokens").asInt()).isEqualTo(16);
    }
  }

  @Test
  void firstLossOfAnUntrainedModelIsThatOfAGuess() {
    // Logits of variance 1 cost half a nat more than knowing nothing.
    assertThat(run.scalars("learning/lm_loss").getFirst())
        .isCloseTo(Math.log(260) + 0.5, within(0.5));
  }

  @Test
  void printsPlanProgressAndResults() {
    assertThat(run.output())
        .contains("Run        " + run.directory())
        .contains("Model      ", "float32 weights, float32 compute")
        .contains("corpus.txt")
        .contains("interpreter:0", "2 x 8 tokens per step")
        .contains("step 1/3", "step 3/3 (100%)")
        .contains("loss, first step", "loss, last step", "time to the first step", "wall time")
        .contains("| outputs ");
    assertThat(run.output().lines().filter(line -> line.startsWith("step "))).hasSize(3);
  }

  @Test
  void metricFilesCanBeSwitchedOffOrNamed() {
    TinyRun off =
        TinyRun.train(
            place, "run_name=off", "steps=1", "metrics_file=off", "enable_tensorboard=false");
    assertThat(place.resolve("out/off")).isDirectoryNotContaining("glob:**metrics*");
    assertThat(off.output()).contains("| steps ");
    TinyRun.train(place, "run_name=named", "steps=1", "metrics_file=numbers/all.jsonl");
    assertThat(place.resolve("out/named/numbers/all.jsonl")).isNotEmptyFile();
  }

  @Test
  void runWithoutANameIsCalledByTheTime(@TempDir Path other) throws IOException {
    TinyRun.train(other, "run_name=", "steps=1");
    try (Stream<Path> runs = Files.list(other.resolve("out"))) {
      assertThat(runs)
          .singleElement()
          .satisfies(run -> assertThat(run.getFileName().toString()).matches("\\d{8}-\\d{6}"));
    }
  }
}
