package jaxon.trainer.bench;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.function.Consumer;
import jaxon.config.Configuration;
import jaxon.trainer.TrainingSession;
import jaxon.trainer.metrics.MetricNames;
import jaxon.trainer.profile.ProcessMemory;
import jaxon.trainer.profile.RooflineProbe;
import jaxon.trainer.profile.Rooflines;

/// Measures training steps of a configuration as training makes them: next batch, step, metrics.
///
/// @param warmup untimed steps after the first one
/// @param steps timed steps, at least 1
public record TrainStepBenchmark(int warmup, int steps) {
  private static final double DRIFT_LIMIT = 0.05;

  public TrainStepBenchmark {
    if (warmup < 0 || steps < 1) {
      throw new IllegalArgumentException(
          "needs warmup >= 0 and steps >= 1, got " + warmup + " and " + steps);
    }
  }

  /// Measures; the first step counts from `startMillis` (milliseconds since the epoch).
  ///
  /// @param name what the result calls the configuration
  /// @param out takes lines that say how much memory the run will need
  public TrainStepResult run(
      String name, Configuration config, long startMillis, Consumer<String> out) {
    double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    ProcessMemory memory = ProcessMemory.ofThisProcess();
    memory.resetPeak();
    try (TrainingSession session = TrainingSession.open(config, out)) {
      double firstLoss = loss(session);
      double firstStep = (System.currentTimeMillis() - startMillis) / 1e3;
      OptionalLong firstPeak = memory.peakBytes();
      int threads = config.threads();
      RooflineProbe probe = new RooflineProbe(threads);
      Rooflines before = probe.measure();
      // The probe's own memory is not the step's.
      System.gc();
      memory.resetPeak();
      for (int i = 0; i < warmup; i++) {
        loss(session);
      }
      Timed timed = time(session, probe, memory);
      OptionalLong peak = larger(firstPeak, timed.peak);
      double drift = before.moved(timed.rooflines.getLast());
      return new TrainStepResult(
          name,
          session.backend().devices().getFirst().toString(),
          config.run().dtype(),
          threads,
          session.parameterCount(),
          session.work().tokensPerStep(),
          session.work().flopsPerStep(),
          Spread.of(timed.seconds),
          firstLoss,
          timed.lastLoss,
          Rooflines.median(timed.rooflines),
          drift,
          peak,
          session.memory(),
          session.backend().peakBytes(),
          firstStep,
          timed.heapBytes / steps,
          timed.collections,
          warnings(load, drift));
    }
  }

  private record Timed(
      List<Double> seconds,
      double lastLoss,
      List<Rooflines> rooflines,
      OptionalLong peak,
      long heapBytes,
      long collections) {}

  /// Steps and rooflines by turns, because what a shared machine gives changes within seconds.
  private Timed time(TrainingSession session, RooflineProbe probe, ProcessMemory memory) {
    List<Double> seconds = new ArrayList<>(steps);
    List<Rooflines> rooflines = new ArrayList<>(steps);
    double loss = Double.NaN;
    OptionalLong peak = OptionalLong.empty();
    long heapBytes = 0;
    long collections = 0;
    for (int i = 0; i < steps; i++) {
      HeapAllocation start = HeapAllocation.now();
      long begin = System.nanoTime();
      loss = loss(session);
      seconds.add((System.nanoTime() - begin) / 1e9);
      HeapAllocation used = HeapAllocation.now().since(start);
      heapBytes += used.bytes();
      collections += used.collections();
      peak = i == 0 ? memory.peakBytes() : larger(peak, memory.peakBytes());
      rooflines.add(probe.measure());
      // The probe's own memory is not the step's.
      System.gc();
      memory.resetPeak();
    }
    return new Timed(seconds, loss, rooflines, peak, heapBytes, collections);
  }

  private static double loss(TrainingSession session) {
    return session.step().getOrDefault(MetricNames.LOSS, Double.NaN);
  }

  private static OptionalLong larger(OptionalLong a, OptionalLong b) {
    return a.isPresent() && b.isPresent()
        ? OptionalLong.of(Math.max(a.getAsLong(), b.getAsLong()))
        : OptionalLong.empty();
  }

  /// @param load the load average before the benchmark began; negative where unknown
  static List<String> warnings(double load, double drift) {
    List<String> warnings = new ArrayList<>();
    if (load > 0.5) {
      warnings.add(
          String.format(
              Locale.ROOT,
              "the load average was %.1f before the start: other programs take part of the machine",
              load));
    }
    RooflineProbe.doubt()
        .ifPresent(reason -> warnings.add("the matrix rooflines are not oneDNN's: " + reason));
    if (drift > DRIFT_LIMIT) {
      warnings.add(
          String.format(
              Locale.ROOT,
              "the rooflines moved by %.0f %% between start and end: repeat on a quiet machine",
              100 * drift));
    }
    return warnings;
  }
}
