package jaxon.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The values that section records derive from their keys.
class SectionsTest {

  @TempDir Path root;
  private Sandbox sandbox;

  @BeforeEach
  void makeSandbox() throws IOException {
    sandbox = Sandbox.in(root);
  }

  @Test
  void metricsFile() {
    Path run = Path.of("/runs/a");

    assertThat(sandbox.defaults().metrics().metricsPath(run))
        .contains(run.resolve("metrics.jsonl"));
    assertThat(sandbox.defaults("metrics_file=off").metrics().metricsPath(run)).isEmpty();
    assertThat(sandbox.defaults("metrics_file=m").metrics().metricsPath(run))
        .contains(run.resolve("m"));
  }

  @Test
  void savedTensors() {
    assertThat(sandbox.defaults().remat().savedNames()).isEmpty();
    assertThat(sandbox.defaults("remat_policy=save_qkv_proj").remat().savedNames())
        .containsExactly("query_proj", "key_proj", "value_proj");
    assertThat(
            sandbox
                .defaults("remat_policy=custom", "mlpwi_1=device", "context=device")
                .remat()
                .savedNames())
        .containsExactly("context", "mlpwi_1");
  }

  @Test
  void sizesThatFollowOthers() {
    assertThat(sandbox.defaults("per_device_batch_size=3").data().evalBatchSize()).isEqualTo(3);
    assertThat(
            sandbox
                .defaults("per_device_batch_size=3", "eval_per_device_batch_size=4")
                .data()
                .evalBatchSize())
        .isEqualTo(4);
    assertThat(
            sandbox
                .defaults("per_device_batch_size=3", "gradient_accumulation_steps=4")
                .sequencesPerUpdate())
        .isEqualTo(12);
    assertThat(sandbox.defaults("steps=5", "learning_rate_schedule_steps=9").scheduleSteps())
        .isEqualTo(9);
    assertThat(sandbox.defaults("weight_dtype=float64").muDtype()).isEqualTo(FloatType.FLOAT64);
  }
}
