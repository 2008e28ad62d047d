package jaxon.trainer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import jaxon.checkpoint.Checkpoint;
import jaxon.collective.CollectiveException;
import jaxon.config.Configuration;
import jaxon.input.Batch;
import jaxon.input.BatchIterator;
import jaxon.input.InputPipeline;
import jaxon.input.IteratorState;
import jaxon.runtime.Backend;
import jaxon.runtime.OpenResources;
import jaxon.trainer.metrics.CompositeSink;
import jaxon.trainer.metrics.MetricNames;
import jaxon.trainer.metrics.MetricSink;
import jaxon.trainer.metrics.Progress;
import jaxon.trainer.metrics.ProgressBar;
import jaxon.trainer.metrics.StepThroughput;
import jaxon.trainer.metrics.StepTimer;
import jaxon.trainer.metrics.Terminal;
import jaxon.trainer.metrics.TrainingFlops;
import jaxon.trainer.profile.StepProfiler;

/// Trains a model: opens everything, compiles the programs, runs the loop, sums up.
public final class Trainer {
  private final Configuration config;
  private final InputPipeline input;
  private final RunDevices devices;
  private final Backend backend;
  private final TrainPrograms programs;
  private final RunDirectory directory;
  private final RunReport report;
  private final GracefulStop stop;
  private final StepProfiler profiler;
  private final StepTimer timer = new StepTimer();
  private final double flopsPerStep;
  private final long tokensPerStep;
  private Optional<RunCheckpoints> checkpoints = Optional.empty();
  private MetricSink sink = new CompositeSink(List.of());
  private int firstStep;
  private boolean stops;

  private Trainer(
      Configuration config,
      InputPipeline input,
      RunDevices devices,
      TrainPrograms programs,
      RunDirectory directory,
      RunReport report,
      GracefulStop stop,
      StepProfiler profiler) {
    this.config = config;
    this.input = input;
    this.devices = devices;
    this.backend = devices.backend();
    this.programs = programs;
    this.directory = directory;
    this.report = report;
    this.stop = stop;
    this.profiler = profiler;
    this.tokensPerStep = (long) config.sequencesPerUpdate() * config.data().maxTargetLength();
    this.flopsPerStep = TrainingFlops.perStep(ModelShapes.of(config), tokensPerStep);
  }

  /// Trains as `config` says and shows the run on `terminal`.
  ///
  /// Returns when all steps are done, the evaluation target is met or a signal asks to stop.
  ///
  /// @throws TrainingException if the run cannot start or the loss is not finite
  public static void train(Configuration config, Terminal terminal) {
    train(config, terminal, (_, code) -> Runtime.getRuntime().halt(code));
  }

  /// The same with a say in how a process ends whose run is over because another process is gone,
  /// and which cannot return in time.
  public static void train(Configuration config, Terminal terminal, AbruptEnd end) {
    boolean isLeader = config.cluster().processId() == 0;
    RunReport report = new RunReport(config, isLeader ? terminal : terminal.silent());
    Optional<RunDirectory> own =
        config.cluster().isDistributed()
            ? Optional.empty()
            : Optional.of(RunDirectory.choose(config));
    try (GracefulStop stop = GracefulStop.install();
        ProcessGuard guard = ProcessGuard.of(config, end);
        InputPipeline input = InputPipeline.open(InputOptions.of(config));
        RunDevices devices = RunDevices.open(config, guard)) {
      Supplier<RunDirectory> place =
          () -> own.orElseGet(() -> RunDirectory.ofLeader(config, devices));
      train(config, place, report, stop, input, devices);
      stop.completed();
    }
  }

  /// Trains on devices, which stay open; the other processes hear at once if it fails.
  ///
  /// @param place chooses the directory
  static void train(
      Configuration config,
      Supplier<RunDirectory> place,
      RunReport report,
      GracefulStop stop,
      InputPipeline input,
      RunDevices devices) {
    // Closed after the others have heard: they do not wait for a checkpoint that is being written.
    try (OpenResources late = new OpenResources()) {
      try {
        train(config, place.get(), report, stop, input, devices, late);
      } catch (CollectiveException e) {
        throw FlightRecords.failure(devices, config, e);
      } catch (RuntimeException | Error e) {
        devices.fail(e);
        throw e;
      }
    }
  }

  private static void train(
      Configuration config,
      RunDirectory directory,
      RunReport report,
      GracefulStop stop,
      InputPipeline input,
      RunDevices devices,
      OpenResources late) {
    devices.doing("traces its programs");
    TrainPrograms programs = TrainPrograms.trace(config, devices.mesh());
    new ShardingTolerance(config.mesh().shardingTolerance()).check(programs);
    // Not before: what cannot be traced leaves no directory behind.
    if (devices.isLeader()) {
      directory.take(config).ifPresent(late::own);
      directory.describe(config);
    }
    report.start(directory, devices.backend(), input.describe(), programs);
    try (StepProfiler profiler = RunProfile.open(config, directory, report)) {
      new Trainer(config, input, devices, programs, directory, report, stop, profiler).run(late);
    }
    report.end(directory);
  }

  private void run(OpenResources late) {
    devices.doing("compiles its programs");
    try (TrainPrograms.Compiled compiled = programs.compile(backend, config);
        BatchIterator batches = input.trainIterator()) {
      devices.meet("compiled");
      report.compiled();
      if (config.mesh().debugSharding()) {
        new ShardingReport(programs).lines(compiled.step()).forEach(report::println);
      }
      MemoryForecast memory = MemoryForecast.of(programs, compiled);
      memory.announce(report::println);
      checkpoints = RunCheckpoints.open(config, directory, devices, programs);
      checkpoints.ifPresent(late::own);
      train(compiled, batches);
      report.memory(memory, backend);
    }
  }

  /// Trains from where the run stands.
  private void train(TrainPrograms.Compiled compiled, BatchIterator batches) {
    devices.doing("draws or reads the first state");
    RunStart.Point start =
        new RunStart(config, devices, programs, compiled, report)
            .find(checkpoints.map(RunCheckpoints::tiers));
    firstStep = Math.toIntExact(start.step());
    try (DeviceState _ = start.state()) {
      start.own().map(facts -> IteratorState.fromMap(facts.input())).ifPresent(batches::restore);
      boolean missed = start.own().isPresent() && hasMissedEvaluation(start.own().get(), batches);
      int firstLine = missed ? firstStep - 1 : firstStep;
      try (MetricSink opened = MetricSinks.open(config, directory, devices.isLeader(), firstLine)) {
        sink = opened;
        train(compiled, batches, start, missed);
      }
    }
  }

  private void train(
      TrainPrograms.Compiled compiled,
      BatchIterator batches,
      RunStart.Point start,
      boolean missed) {
    DeviceState state = start.state();
    SequencedMap<String, Double> last = new LinkedHashMap<>();
    start.own().ifPresent(facts -> last.putAll(facts.metrics()));
    boolean isDone = false;
    if (missed) {
      Evaluator.Result result = evaluate(compiled, state, firstStep, report::println);
      last.putAll(result.metrics());
      sink.write(firstStep - 1L, last);
      isDone = reachesTarget(result);
    }
    checkpoints.ifPresent(all -> all.startAt(start, last));
    if (!isDone) {
      loop(compiled, state, batches);
    }
    save(state, batches);
    finish(compiled, state);
  }

  /// Whether a signal has stopped the run where an evaluation was due, which is then made up for.
  private boolean hasMissedEvaluation(Checkpoint.Facts own, BatchIterator batches) {
    boolean last = firstStep == config.run().steps() || !batches.hasNext();
    return firstStep > 0
        && evaluationIsDue(firstStep - 1, last)
        && !own.metrics().containsKey(MetricNames.EVAL_AVG_LOSS);
  }

  /// The checkpoint at the end of the run, or where a signal has stopped it.
  private void save(DeviceState state, BatchIterator batches) {
    if (checkpoints.isEmpty()) {
      return;
    }
    if (stops || config.checkpoint().saveCheckpointOnCompletion()) {
      checkpoints.get().finish(firstStep + timer.steps(), state, batches.state(), sink);
    }
    checkpoints.get().settle();
  }

  private void loop(TrainPrograms.Compiled compiled, DeviceState state, BatchIterator batches) {
    try (ProgressBar bar = report.progressBar()) {
      for (int step = firstStep; step < config.run().steps() && !mustStop(); step++) {
        if (!batches.hasNext()) {
          bar.println("The training data ended after " + step + " steps (num_epoch).");
          break;
        }
        Batch batch = batches.next();
        devices.doing("trains, at step " + step);
        SequencedMap<String, Double> metrics = profiler.step(step, () -> update(state, batch));
        show(step, metrics, batch, bar);
        boolean last = step + 1 == config.run().steps() || !batches.hasNext();
        boolean isDue = evaluationIsDue(step, last);
        boolean isMissed = isDue && mustStop();
        Optional<Evaluator.Result> evaluation =
            isDue && !isMissed
                ? Optional.of(evaluate(compiled, state, step + 1, bar::println))
                : Optional.empty();
        evaluation.ifPresent(result -> metrics.putAll(result.metrics()));
        sink.write(step, metrics);
        if (checkpoints.isPresent()) {
          if (isMissed) {
            checkpoints.get().missEvaluation();
          }
          checkpoints.get().after(step + 1, state, batches.state(), metrics, sink);
        }
        if (evaluation.isPresent() && reachesTarget(evaluation.get())) {
          bar.println("The evaluation loss has reached target_eval_loss; stopping.");
          break;
        }
      }
    } finally {
      report.steps(timer, flopsPerStep);
    }
  }

  /// Whether a signal has asked any process to stop; all of them stop after the same step.
  private boolean mustStop() {
    stops = devices.any(stop.isRequested());
    return stops;
  }

  private SequencedMap<String, Double> update(DeviceState state, Batch batch) {
    timer.start();
    SequencedMap<String, Double> metrics;
    metrics = state.update(backend, TrainBatch.values(batch, programs.order()));
    double seconds = timer.stop(tokensPerStep);
    new StepThroughput(seconds, tokensPerStep, flopsPerStep, 1).putInto(metrics);
    return metrics;
  }

  /// Shows the step; ends the run if its loss is not finite, with what led to it on record.
  private void show(int step, SequencedMap<String, Double> metrics, Batch batch, ProgressBar bar) {
    double loss = metrics.getOrDefault(MetricNames.LOSS, Double.NaN);
    report.loss(step == firstStep, loss);
    bar.update(new Progress(step + 1, loss, timer.medianTokensPerSecond(), timer.medianSeconds()));
    boolean abort =
        (Double.isNaN(loss) && config.run().abortOnNanLoss())
            || (Double.isInfinite(loss) && config.run().abortOnInfLoss());
    if (abort) {
      sink.write(step, metrics);
      throw TrainingException.failure(
          ("the loss of step %d is %s, on %s. Lower learning_rate or gradient_clipping_threshold, lengthen"
                  + " warmup_steps_fraction, or look at that data; abort_on_nan_loss=false and"
                  + " abort_on_inf_loss=false go on regardless")
              .formatted(step, loss, batch),
          null);
    }
  }

  private boolean evaluationIsDue(int step, boolean last) {
    int interval = config.eval().evalInterval();
    boolean due =
        interval > 0 && (step + 1) % interval == 0 && step + 1 >= config.eval().evalStartStep();
    return due || (interval > 0 && last);
  }

  private boolean reachesTarget(Evaluator.Result result) {
    return result.loss() <= config.eval().targetEvalLoss();
  }

  /// Evaluates the state after `step` updates.
  private Evaluator.Result evaluate(
      TrainPrograms.Compiled compiled, DeviceState state, long step, Consumer<String> out) {
    devices.doing("evaluates the state after step " + step);
    Evaluator evaluator =
        new Evaluator(
            backend, compiled.eval().orElseThrow(), programs.order(), config.eval().evalSteps());
    BatchIterator batches =
        input
            .evalIterator(config.sequencesPerEvaluation())
            .orElseThrow(() -> TrainingException.usage("there is no evaluation data"));
    Evaluator.Result result = evaluator.run(state.params(), batches);
    report.evaluation(result);
    out.accept(
        "step %d: evaluation loss %.4f, perplexity %.2f"
            .formatted(step, result.loss(), result.perplexity()));
    return result;
  }

  /// The sample; without a step, also the evaluation that the last step would have had.
  private void finish(TrainPrograms.Compiled compiled, DeviceState state) {
    devices.doing("ends its run");
    if (stops) {
      report.println(
          "Stopped by a signal after %d steps%s."
              .formatted(
                  firstStep + timer.steps(),
                  checkpoints.isPresent() ? "; the same run_name goes on from there" : ""));
      return;
    }
    if (config.eval().evalInterval() > 0 && firstStep + timer.steps() == 0) {
      sink.write(0, evaluate(compiled, state, 0, report::println).metrics());
    }
    if (config.eval().sampleLength() > 0) {
      // Their memory is free for the sampler's program, so the prediction holds.
      compiled.close();
      devices.doing("writes a sample");
      sample(state);
    }
  }

  private void sample(DeviceState state) {
    TextSample sample = new TextSample(config, programs, backend, input.tokenizer());
    if (!sample.isPossible()) {
      report.println("No sample: text is not made on a pipeline.");
      return;
    }
    report.sampleStart(config.eval().prompt());
    sample.run(state.params(), report::sampleText);
    report.sampleEnd();
  }
}
