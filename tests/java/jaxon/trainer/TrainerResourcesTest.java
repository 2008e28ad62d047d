package jaxon.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import jaxon.config.Configuration;
import jaxon.input.InputPipeline;
import jaxon.trainer.metrics.Terminal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever happens in a run, nothing stays open on the device.
class TrainerResourcesTest {
  @TempDir private Path place;

  @Test
  void runLeavesNothingOpen() {
    OpenThings backend = new OpenThings(0);
    train(backend, "steps=3", "eval_interval=2", "sample_length=2");
    assertThat(backend.openBuffers()).isZero();
    assertThat(backend.openExecutables()).isZero();
  }

  @Test
  void buffersInUseDoNotGrowWithTheSteps() {
    OpenThings few = new OpenThings(0);
    train(few, "run_name=few", "steps=2");
    OpenThings many = new OpenThings(0);
    train(many, "run_name=many", "steps=12");
    assertThat(many.mostBuffers()).isEqualTo(few.mostBuffers());
  }

  @Test
  void lossThatIsNotANumberLeavesNothingOpen() {
    OpenThings backend = new OpenThings(0);
    Throwable failure =
        catchThrowable(() ->
            train(
                backend,
                "opt_type=sgd",
                "learning_rate=1e38",
                "gradient_clipping_threshold=0",
                "steps=9"));
    assertThat(failure).isInstanceOf(TrainingException.class);
    assertThat(backend.openBuffers()).isZero();
    assertThat(backend.openExecutables()).isZero();
  }

  /// Compiling (1 to 3), the key and the first state (4, 5), the first batch (6 to 10), its step
  /// (11) and metrics (12), a later step, an evaluation.
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 5, 8, 11, 12, 19, 22})
  void failureAnywhereLeavesNothingOpen(int operation) {
    OpenThings backend = new OpenThings(operation);
    Throwable failure =
        catchThrowable(() -> train(backend, "steps=3", "eval_interval=2", "sample_length=2"));
    assertThat(failure).isInstanceOf(OpenThings.Injected.class);
    assertThat(backend.operations()).isEqualTo(operation);
    assertThat(backend.openBuffers()).isZero();
    assertThat(backend.openExecutables()).isZero();
  }

  private void train(OpenThings backend, String... overrides) {
    String[] all = new String[overrides.length + 2];
    System.arraycopy(overrides, 0, all, 0, overrides.length);
    all[overrides.length] = "eval_split_fraction=0.2";
    all[overrides.length + 1] = "enable_tensorboard=false";
    Configuration config = TinyRun.config(place, all);
    PrintStream out = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    RunReport report = new RunReport(config, new Terminal(out, false, false, false, 80));
    try (GracefulStop stop = GracefulStop.install();
        InputPipeline input = InputPipeline.open(InputOptions.of(config))) {
      Trainer.train(
          config,
          () -> RunDirectory.choose(config),
          report,
          stop,
          input,
          RunDevices.of(backend, RunMesh.of(config)));
    }
  }
}
