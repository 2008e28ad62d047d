package jaxon.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import jaxon.config.ConfigException;
import jaxon.config.Configuration;
import jaxon.input.source.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Runs that cannot start or go on.
class TrainerFailureTest {
  @TempDir private Path place;

  private final ByteArrayOutputStream output = new ByteArrayOutputStream();

  @Test
  void lossThatIsNotANumberNamesStepAndData() throws IOException {
    Configuration config =
        TinyRun.config(
            place,
            "opt_type=sgd",
            "learning_rate=1e38",
            "gradient_clipping_threshold=0",
            "steps=20");

    TrainingException failure = failure(config);

    assertThat(failure.isUsage()).isFalse();
    assertThat(failure)
        .hasMessageMatching(
            "the loss of step 2 is NaN, on batch 2 \\(2 x 8 tokens; row 0: epoch 0, document \\d+,"
                + " from token \\d+ … row 1: epoch 0, .*\\)\\. Lower learning_rate.*");
    // The step that failed is on record.
    assertThat(Files.readString(place.resolve("out/run/metrics.jsonl")).lines()).hasSize(3);
    assertThat(output.toString(StandardCharsets.UTF_8)).doesNotContain("| outputs");
  }

  @Test
  void runGoesOnRegardlessIfAskedTo() {
    TinyRun run =
        TinyRun.train(
            place,
            "opt_type=sgd",
            "learning_rate=1e38",
            "gradient_clipping_threshold=0",
            "abort_on_nan_loss=false",
            "abort_on_inf_loss=false",
            "steps=4");
    assertThat(run.metrics()).hasSize(4);
    assertThat(run.metrics().getLast().get("learning/loss").asString()).isEqualTo("NaN");
  }

  @Test
  void directoryOfAnEarlierRunIsLeftAlone() throws IOException {
    Path directory = Files.createDirectories(place.resolve("out/run"));
    Files.writeString(directory.resolve("metrics.jsonl"), "precious");

    TrainingException failure = failure(TinyRun.config(place));

    assertThat(failure.isUsage()).isTrue();
    assertThat(failure)
        .hasMessageContaining(directory.toString())
        .hasMessageContaining("already holds a run (metrics.jsonl)")
        .hasMessageContaining("choose another run_name");
    assertThat(directory.resolve("metrics.jsonl")).hasContent("precious");
    assertThat(directory).isDirectoryNotContaining("glob:**config.yml");
  }

  @Test
  void secondRunOfOneNameIsRefused() {
    TinyRun.train(place, "steps=0");
    assertThat(failure(TinyRun.config(place)).isUsage()).isTrue();
  }

  @Test
  void emptyDirectoryIsUsed() throws IOException {
    Files.createDirectories(place.resolve("out/run"));
    assertThat(TinyRun.train(place, "steps=0").directory()).isNotEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a/b", "..", ".", "a\\b", "../run"})
  void runNameThatIsAPathIsRefused(String name) {
    TrainingException failure = failure(TinyRun.config(place, "run_name=" + name));
    assertThat(failure.isUsage()).isTrue();
    assertThat(failure).hasMessageContaining("run_name").hasMessageContaining("plain directory");
    assertThat(place.resolve("out")).doesNotExist();
  }

  @Test
  void outputDirectoryThatIsAFileIsAFailureThatNamesIt() throws IOException {
    Files.writeString(place.resolve("out"), "");
    assertThat(failure(TinyRun.config(place)))
        .hasMessageContaining("cannot write the run directory " + place.resolve("out/run"));
  }

  @Test
  void missingDataIsRefusedBeforeAnythingIsWritten() {
    Configuration config = TinyRun.config(place, "dataset_path=" + place.resolve("none.txt"));
    assertThatThrownBy(() -> TinyRun.train(config, output))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("none.txt");
    assertThat(place.resolve("out")).doesNotExist();
  }

  @Test
  void evaluationWithoutDataIsRefused() {
    assertThatThrownBy(() -> TinyRun.config(place, "eval_interval=1"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("there is no data to evaluate on");
  }

  @Test
  void holdingOutMoreThanThereIsIsRefused() throws IOException {
    Files.writeString(place.resolve("corpus.txt"), "ab");
    Configuration config = TinyRun.config(place, "eval_split_fraction=0.01");
    assertThatThrownBy(() -> TinyRun.train(config, output)).isInstanceOf(InputException.class);
  }

  private TrainingException failure(Configuration config) {
    return catchThrowableOfType(TrainingException.class, () -> TinyRun.train(config, output));
  }
}
