package jaxon.trainer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import jaxon.config.Configuration;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;
import jaxon.input.Batch;
import jaxon.input.BatchIterator;
import jaxon.input.InputPipeline;
import jaxon.runtime.Backend;
import jaxon.runtime.Backends;
import jaxon.trainer.metrics.MetricNames;
import jaxon.trainer.metrics.MetricSink;
import jaxon.trainer.metrics.Progress;
import jaxon.trainer.metrics.ProgressBar;
import jaxon.trainer.metrics.StepThroughput;
import jaxon.trainer.metrics.StepTimer;
import jaxon.trainer.metrics.Terminal;
import jaxon.trainer.metrics.TrainingFlops;

/// Trains a model: opens everything, compiles the programs, runs the loop, sums up.
public final class Trainer {
  private final Configuration config;
  private final InputPipeline input;
  private final Backend backend;
  private final TrainPrograms programs;
  private final MetricSink sink;
  private final RunReport report;
  private final GracefulStop stop;
  private final StepTimer timer = new StepTimer();
  private final double flopsPerStep;
  private final long tokensPerStep;

  private Trainer(
      Configuration config,
      InputPipeline input,
      Backend backend,
      TrainPrograms programs,
      MetricSink sink,
      RunReport report,
      GracefulStop stop) {
    this.config = config;
    this.input = input;
    this.backend = backend;
    this.programs = programs;
    this.sink = sink;
    this.report = report;
    this.stop = stop;
    this.tokensPerStep = (long) config.sequencesPerUpdate() * config.data().maxTargetLength();
    this.flopsPerStep = TrainingFlops.perStep(ModelShapes.of(config), tokensPerStep);
  }

  /// Trains as `config` says and shows the run on `terminal`.
  ///
  /// Returns when all steps are done, the evaluation target is met or a signal asks to stop.
  ///
  /// @throws TrainingException if the run cannot start or the loss is not finite
  public static void train(Configuration config, Terminal terminal) {
    RunReport report = new RunReport(config, terminal);
    try (GracefulStop stop = GracefulStop.install();
        InputPipeline input = InputPipeline.open(InputOptions.of(config));
        Backend backend = Backends.open(config.run().hardware())) {
      RunDirectory directory = RunDirectory.create(config);
      TrainPrograms programs = TrainPrograms.trace(config);
      report.start(directory, backend, input.describe(), programs);
      try (MetricSink sink = MetricSinks.open(config, directory)) {
        new Trainer(config, input, backend, programs, sink, report, stop).run();
      }
      report.end(directory);
    }
  }

  private void run() {
    try (TrainPrograms.Compiled compiled = programs.compile(backend, config);
        BatchIterator batches = input.trainIterator()) {
      report.compiled();
      Buffers state = initialState(compiled);
      try (ProgressBar bar = report.progressBar()) {
        state = loop(compiled, state, batches, bar);
      } finally {
        report.steps(timer, flopsPerStep);
      }
      try (Buffers last = state) {
        finish(compiled, last);
      }
    }
  }

  private Buffers initialState(TrainPrograms.Compiled compiled) {
    long seed = config.run().initWeightsSeed();
    int[] words = {(int) (seed >>> 32), (int) seed};
    Literal key = Literal.wrap(TensorType.of(DType.UI32, 2), words);
    try (Buffers keys = Buffers.put(backend, List.of(key))) {
      return keys.execute(compiled.init(), new Buffers(List.of()));
    }
  }

  private Buffers loop(
      TrainPrograms.Compiled compiled, Buffers initial, BatchIterator batches, ProgressBar bar) {
    Buffers state = initial;
    for (int step = 0; step < config.run().steps() && !stop.isRequested(); step++) {
      if (!batches.hasNext()) {
        bar.println("The training data ended after " + step + " steps (num_epoch).");
        break;
      }
      Batch batch = batches.next();
      timer.start();
      Step result = step(compiled, state, batch);
      state = result.state();
      double seconds = timer.stop(tokensPerStep);
      record(step, result.metrics(), seconds, batch, bar);
      if (evaluationIsDue(step) && reachesTarget(evaluate(compiled, state, step + 1, bar))) {
        bar.println("The evaluation loss has reached target_eval_loss; stopping.");
        break;
      }
    }
    return state;
  }

  /// The state after a step, and its metrics on the host.
  private record Step(Buffers state, SequencedMap<String, Double> metrics) {}

  private Step step(TrainPrograms.Compiled compiled, Buffers state, Batch batch) {
    try (Buffers inputs = Buffers.put(backend, TrainBatch.values(batch))) {
      Buffers results = state.execute(compiled.step(), inputs);
      int size = programs.stateSize();
      try (Buffers metrics = results.part(size, size + 1)) {
        return new Step(
            results.part(0, size), StepMetrics.unpack(metrics.list().getFirst().toLiteral()));
      }
    }
  }

  private void record(
      int step,
      SequencedMap<String, Double> metrics,
      double seconds,
      Batch batch,
      ProgressBar bar) {
    new StepThroughput(seconds, tokensPerStep, flopsPerStep, 1).putInto(metrics);
    sink.write(step, metrics);
    double loss = metrics.getOrDefault(MetricNames.LOSS, Double.NaN);
    report.loss(step, loss);
    bar.update(new Progress(step + 1, loss, timer.medianTokensPerSecond(), timer.medianSeconds()));
    boolean abort =
        (Double.isNaN(loss) && config.run().abortOnNanLoss())
            || (Double.isInfinite(loss) && config.run().abortOnInfLoss());
    if (abort) {
      throw TrainingException.failure(
          ("the loss of step %d is %s, on %s. Lower learning_rate or gradient_clipping_threshold, lengthen"
                  + " warmup_steps_fraction, or look at that data; abort_on_nan_loss=false and"
                  + " abort_on_inf_loss=false go on regardless")
              .formatted(step, loss, batch),
          null);
    }
  }

  private boolean evaluationIsDue(int step) {
    int interval = config.eval().evalInterval();
    return interval > 0
        && (step + 1) % interval == 0
        && step + 1 >= config.eval().evalStartStep()
        && step + 1 < config.run().steps();
  }

  private boolean reachesTarget(Evaluator.Result result) {
    return result.loss() <= config.eval().targetEvalLoss();
  }

  /// Evaluates the state after `step` updates.
  private Evaluator.Result evaluate(
      TrainPrograms.Compiled compiled, Buffers state, int step, ProgressBar bar) {
    Evaluator evaluator = new Evaluator(backend, compiled.eval(), config.eval().evalSteps());
    BatchIterator batches =
        input
            .evalIterator(config.data().evalBatchSize())
            .orElseThrow(() -> TrainingException.usage("there is no evaluation data"));
    Evaluator.Result result = evaluator.run(state.part(0, programs.paramsSize()), batches);
    SequencedMap<String, Double> metrics = new LinkedHashMap<>();
    metrics.put(MetricNames.EVAL_AVG_LOSS, result.loss());
    metrics.put(MetricNames.EVAL_AVG_PERPLEXITY, result.perplexity());
    metrics.put(MetricNames.EVAL_TOTAL_WEIGHTS, result.weights());
    sink.write(step - 1, metrics);
    report.evaluation(result);
    bar.println(
        "step %d: evaluation loss %.4f, perplexity %.2f"
            .formatted(step, result.loss(), result.perplexity()));
    return result;
  }

  /// The closing evaluation and the sample, unless a signal asked to stop.
  private void finish(TrainPrograms.Compiled compiled, Buffers state) {
    if (stop.isRequested()) {
      report.println("Stopped by a signal after " + timer.steps() + " steps.");
      return;
    }
    if (config.eval().evalInterval() > 0) {
      try (ProgressBar none = report.progressBar()) {
        evaluate(compiled, state, (int) timer.steps(), none);
      }
    }
    if (config.eval().sampleLength() > 0) {
      sample(state);
    }
  }

  private void sample(Buffers state) {
    String prompt = config.eval().prompt();
    report.sampleStart(prompt);
    try (TextSampler sampler =
        TextSampler.compile(config, programs.paramsTemplate(), backend, input.tokenizer())) {
      Buffers params = state.part(0, programs.paramsSize());
      sampler.run(params, prompt, config.eval().sampleLength(), report::sampleText);
    }
    report.sampleEnd();
  }
}
