package jaxon.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import jaxon.config.Configuration;
import jaxon.input.InputPipeline;
import jaxon.runtime.Backend;
import jaxon.runtime.Backends;
import jaxon.trainer.metrics.Terminal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is predicted before the first step is what the run takes.
class MemoryForecastTest {
  private static final long GIB = 1L << 30;

  @TempDir private Path place;

  @Test
  void engineAllocatesWhatIsPredicted() {
    Configuration config = config("dtype=float32");
    try (TrainingSession session = TrainingSession.open(config)) {
      session.step();
      session.step();
      MemoryForecast forecast = session.memory();
      assertThat(session.backend().peakBytes().orElseThrow())
          .isCloseTo(forecast.deviceBytes(), withinPercentage(5));
      assertThat(forecast.eval()).isZero();
      assertThat(forecast.copies()).isZero();
      assertThat(forecast.optimizer())
          .as("AdamW keeps two moments in float32, and the number of updates")
          .isEqualTo(2 * forecast.params() + 4);
    }
  }

  @Test
  void predictionCoversEvaluationAndCopies() {
    Configuration config = config("dtype=bfloat16", "eval_interval=2", "eval_steps=2");
    TrainPrograms programs = TrainPrograms.trace(config);
    RunReport report = new RunReport(config, silent());
    try (GracefulStop stop = GracefulStop.install();
        InputPipeline input = InputPipeline.open(InputOptions.of(config));
        Backend backend = Backends.open("cpu")) {
      MemoryForecast forecast;
      try (TrainPrograms.Compiled compiled = programs.compile(backend, config)) {
        forecast = MemoryForecast.of(programs, compiled);
      }
      Trainer.train(
          config,
          () -> RunDirectory.choose(config),
          report,
          stop,
          input,
          RunDevices.of(backend, RunMesh.of(config)));
      assertThat(backend.peakBytes().orElseThrow())
          .isCloseTo(forecast.deviceBytes(), withinPercentage(5));
      assertThat(forecast.eval()).isPositive();
      assertThat(forecast.copies()).isPositive();
    }
  }

  /// Two layers under a scan. The parameters are most of it, so that a second state, or what only
  /// drawing them needs, would show.
  private Configuration config(String... overrides) {
    List<String> all = new ArrayList<>(List.of(overrides));
    all.addAll(
        List.of(
            "hardware=cpu",
            "vocab_size=4000",
            "base_num_decoder_layers=2",
            "base_emb_dim=64",
            "base_mlp_dim=128",
            "head_dim=32",
            "dataset_type=synthetic",
            "enable_tensorboard=false",
            "jax_cache_dir=" + place.resolve("cache")));
    return TinyRun.config(place, all.toArray(String[]::new));
  }

  private static Terminal silent() {
    PrintStream out = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    return new Terminal(out, false, false, false, 80);
  }

  @Test
  void lineNamesTheParts() {
    MemoryForecast forecast =
        new MemoryForecast(
            GIB, 2 * GIB, GIB / 2, 4 * GIB, 0, 0, OptionalLong.of(GIB / 4), OptionalLong.empty());
    assertThat(forecast.line())
        .isEqualTo(
            "7.50 GiB predicted (parameters 1.00, optimizer 2.00, copies 0.50, step 4.00),"
                + " 7.84 with the JVM");
    assertThat(forecast.warning()).isEmpty();
  }

  @Test
  void warnsBeforeTheRunIfTheMachineHasLess() {
    assertThat(forecast(OptionalLong.of(5 * GIB)).warning()).isEmpty();
    assertThat(forecast(OptionalLong.of(4 * GIB)).warning().orElseThrow())
        .contains("4.09 GiB", "4.00 GiB available")
        .contains("per_device_batch_size", "max_target_length", "remat_policy");
  }

  private static MemoryForecast forecast(OptionalLong available) {
    return new MemoryForecast(GIB, 2 * GIB, 0, GIB, 0, 0, OptionalLong.empty(), available);
  }

  @Test
  void runSaysItBeforeTheFirstStepAndAtTheEnd() {
    TinyRun run = TinyRun.train(place, "enable_tensorboard=false");
    assertThat(run.output()).contains("MiB predicted (parameters ", "device memory, predicted");
    assertThat(run.output().indexOf("MiB predicted")).isLessThan(run.output().indexOf("loss"));
  }
}
