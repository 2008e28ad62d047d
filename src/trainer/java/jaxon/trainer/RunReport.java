package jaxon.trainer;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Optional;
import jaxon.config.Configuration;
import jaxon.runtime.Backend;
import jaxon.trainer.metrics.ProgressBar;
import jaxon.trainer.metrics.ResultTable;
import jaxon.trainer.metrics.StepTimer;
import jaxon.trainer.metrics.Terminal;
import jaxon.trainer.profile.ProcessMemory;

/// What a run tells the person who watches it: the plan, the progress, the results.
final class RunReport {
  private final Configuration config;
  private final Terminal terminal;
  private final ResultTable table = new ResultTable();
  private final long startNanos = System.nanoTime();
  private double firstStepSeconds = Double.NaN;
  private double firstLoss = Double.NaN;
  private double lastLoss = Double.NaN;
  private Optional<Evaluator.Result> evaluation = Optional.empty();

  RunReport(Configuration config, Terminal terminal) {
    this.config = config;
    this.terminal = terminal;
  }

  void println(String line) {
    terminal.out().println(line);
    terminal.out().flush();
  }

  void start(RunDirectory directory, Backend backend, String data, TrainPrograms programs) {
    println("Run        " + directory.path());
    println(
        "Model      %s, %,d parameters, %s weights, %s compute"
            .formatted(
                config.model().modelName().equals("default")
                    ? config.model().decoderBlock().yamlName()
                    : config.model().modelName(),
                programs.parameterCount(),
                config.run().weightDtype().yamlName(),
                config.run().dtype().yamlName()));
    println("Data       " + data);
    println(
        "Hardware   %s; %,d x %,d tokens per step"
            .formatted(
                devices(backend, programs),
                config.sequencesPerUpdate(),
                config.data().maxTargetLength()));
  }

  private static String devices(Backend backend, TrainPrograms programs) {
    int devices = programs.placement().mesh().mesh().devices();
    return devices == 1
        ? backend.devices().getFirst().toString()
        : "%d x %s, mesh %s".formatted(devices, backend.name(), programs.placement().mesh().mesh());
  }

  void compiled() {
    println("Compiled   %.1f s after the start".formatted(elapsedSeconds()));
  }

  ProgressBar progressBar() {
    return new ProgressBar(
        terminal, Math.max(1, config.run().steps()), Math.max(1, config.run().logPeriod()));
  }

  void loss(boolean isFirst, double loss) {
    if (isFirst) {
      firstLoss = loss;
      long processStart = ManagementFactory.getRuntimeMXBean().getStartTime();
      firstStepSeconds = (System.currentTimeMillis() - processStart) / 1e3;
    }
    lastLoss = loss;
  }

  void evaluation(Evaluator.Result result) {
    evaluation = Optional.of(result);
  }

  void steps(StepTimer timer, double flopsPerStep) {
    if (timer.steps() == 0) {
      return;
    }
    table.text("steps", "%,d".formatted(timer.steps()));
    table.loss("loss, first step", firstLoss);
    table.loss("loss, last step", lastLoss);
    table.time("time to the first step", firstStepSeconds);
    table.time("step time, median", timer.medianSeconds());
    table.count("throughput, median", timer.medianTokensPerSecond(), "tok/s");
    table.number("GFLOP/s, median", Math.rint(flopsPerStep / 1e8 / timer.medianSeconds()) / 10);
  }

  /// What was predicted and what was used, where that is known.
  void memory(MemoryForecast forecast, Backend backend) {
    table.text("device memory, predicted", MemoryForecast.mebibytes(forecast.deviceBytes()));
    backend
        .peakBytes()
        .ifPresent(peak -> table.text("device memory, peak", MemoryForecast.mebibytes(peak)));
    ProcessMemory.ofThisProcess()
        .peakBytes()
        .ifPresent(peak -> {
          forecast
              .processBytes()
              .ifPresent(predicted ->
                  table.text("process memory, predicted", MemoryForecast.mebibytes(predicted)));
          table.text("process memory, peak", MemoryForecast.mebibytes(peak));
        });
  }

  void sampleStart(String prompt) {
    println("");
    println("Sample (prompt in brackets):");
    terminal.out().print("[" + prompt + "]");
  }

  void sampleText(String text) {
    terminal.out().print(text);
    terminal.out().flush();
  }

  void sampleEnd() {
    println("");
    println("");
  }

  void profile(Path file) {
    table.text("profile", file.toString());
  }

  void end(RunDirectory directory) {
    evaluation.ifPresent(result -> {
      table.loss("evaluation loss", result.loss());
      table.number("evaluation perplexity", result.perplexity());
    });
    table.time("wall time", elapsedSeconds());
    table.text("outputs", directory.path().toString());
    table.print(terminal);
  }

  private double elapsedSeconds() {
    return (System.nanoTime() - startNanos) / 1e9;
  }
}
