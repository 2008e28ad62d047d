package jaxon.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import jaxon.graph.tree.Tree;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;
import jaxon.reference.AdamWStep;
import jaxon.reference.HandWrittenLlama;
import jaxon.reference.LearningRates;
import jaxon.reference.LlamaShape;
import jaxon.reference.LlamaWeights;
import jaxon.reference.TokenLoss;
import jaxon.reference.TokenRows;
import jaxon.reference.TracedModel;
import jaxon.runtime.Backend;
import jaxon.runtime.Backends;
import jaxon.runtime.Buffer;
import jaxon.runtime.Executable;
import jaxon.trainer.metrics.MetricNames;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The training step as it is run, by a backend after all its passes, against the one written by
/// hand: three updates, so that moments, bias corrections and the schedule take part.
class HandWrittenTrainingTest {
  private static final int STEPS = 3;
  private static final int ROWS = 4;
  private static final int LENGTH = 6;
  private static final double Z_LOSS = 1e-2;
  private static final AdamWStep OPTIMIZER = new AdamWStep(0.9, 0.95, 1e-3, 1e-6, 0.1, 0.5);

  /// The rates of the first steps are float32 numbers, as the traced schedule's are.
  private static final LearningRates RATES = new LearningRates(0x1p-4, 0.125, 6, 0.34);

  @ParameterizedTest
  @CsvSource({
    "interpreter, float32, 1, cosine, true, 1e-5",
    "interpreter, float32, 2, wsd, false, 1e-5",
    "nd4j, float32, 2, cosine, false, 1e-5",
    "cpu, float32, 2, cosine, false, 1e-5",
    "cpu, float64, 1, wsd, true, 1e-9",
    "interpreter, float64, 1, wsd, true, 1e-9",
    "interpreter, float64, 4, cosine, false, 1e-9",
  })
  void threeSteps(
      String hardware, String dtype, int parts, String schedule, boolean tied, double tolerance) {
    SplittableRandom random = new SplittableRandom(5);
    LlamaShape shape = LlamaShape.tiny(tied);
    LlamaWeights weights = LlamaWeights.random(shape, random);
    TracedModel traced = TracedModel.of(shape, settings(dtype, parts, schedule));
    TrainPrograms programs = TrainPrograms.trace(traced.config());
    AdamWStep.Moments moments = AdamWStep.Moments.zeros(weights);
    try (Backend backend = Backends.open(hardware);
        Executable step =
            backend.compile(programs.step().graph(), TrainPrograms.options(traced.config()))) {
      List<Literal> state = initialState(programs, traced, weights);
      for (int i = 0; i < STEPS; i++) {
        TokenRows rows = TokenRows.random(ROWS, LENGTH, shape.vocab(), random);
        List<Literal> results = run(backend, step, state, rows);
        state = results.subList(0, results.size() - 1);
        double rate = schedule.equals("cosine") ? RATES.cosine(i) : RATES.wsd(i, 0.5, false);
        check(StepMetrics.unpack(results.getLast()), weights, moments, rows, i, rate);
        traced.assertClose(state.subList(0, programs.paramsSize()), weights, tolerance);
      }
      assertThat(state.getLast().getLong(0)).isEqualTo(STEPS);
    }
  }

  /// Does the step by hand and compares its scalars.
  private static void check(
      SequencedMap<String, Double> metrics,
      LlamaWeights weights,
      AdamWStep.Moments moments,
      TokenRows rows,
      int step,
      double rate) {
    HandWrittenLlama model = new HandWrittenLlama(weights);
    HandWrittenLlama.Forward forward = model.forward(rows);
    TokenLoss loss = TokenLoss.of(forward.logits(), rows, Z_LOSS);
    LlamaWeights gradients = model.backward(forward, loss.dLogits());
    double norm = AdamWStep.globalNorm(gradients);
    OPTIMIZER.apply(weights, gradients, moments, step + 1, rate);
    assertMetric(metrics, MetricNames.LOSS, loss.mean());
    assertMetric(metrics, MetricNames.LM_LOSS, loss.mean() - loss.zLoss());
    assertMetric(metrics, MetricNames.Z_LOSS, loss.zLoss());
    assertMetric(metrics, MetricNames.PERPLEXITY, Math.exp(loss.mean() - loss.zLoss()));
    assertMetric(metrics, MetricNames.TOTAL_WEIGHTS, loss.tokens());
    assertMetric(metrics, MetricNames.RAW_GRAD_NORM, norm);
    assertMetric(metrics, MetricNames.GRAD_NORM, Math.min(norm, OPTIMIZER.clip()));
    assertMetric(metrics, MetricNames.PARAM_NORM, AdamWStep.globalNorm(weights));
    assertMetric(metrics, MetricNames.CURRENT_LEARNING_RATE, rate);
  }

  private static void assertMetric(
      SequencedMap<String, Double> metrics, String name, double expected) {
    assertThat(metrics.get(name)).as(name).isCloseTo(expected, within(2e-5 * Math.abs(expected)));
  }

  private static String[] settings(String dtype, int parts, String schedule) {
    return new String[] {
      "dtype=" + dtype,
      "weight_dtype=" + dtype,
      "grad_dtype=" + dtype,
      "remat_policy=minimal",
      "z_loss_multiplier=" + Z_LOSS,
      "dataset_type=synthetic",
      "per_device_batch_size=" + ROWS / parts,
      "gradient_accumulation_steps=" + parts,
      "max_target_length=" + LENGTH,
      "steps=" + RATES.steps(),
      "learning_rate=" + RATES.peak(),
      "learning_rate_final_fraction=" + RATES.finalFraction(),
      "warmup_steps_fraction=" + RATES.warmupFraction(),
      "lr_schedule_type=" + schedule,
      "wsd_decay_steps_fraction=0.5",
      "adam_b1=" + OPTIMIZER.b1(),
      "adam_b2=" + OPTIMIZER.b2(),
      "adam_eps=" + OPTIMIZER.epsilon(),
      "adam_eps_root=" + OPTIMIZER.epsilonRoot(),
      "adam_weight_decay=" + OPTIMIZER.weightDecay(),
      "gradient_clipping_threshold=" + OPTIMIZER.clip(),
    };
  }

  /// The hand-made parameters, zero moments and step 0.
  private static List<Literal> initialState(
      TrainPrograms programs, TracedModel traced, LlamaWeights weights) {
    List<Literal> state = new ArrayList<>(traced.literals(weights));
    Tree.leaves(programs.init().outputTemplate()).stream()
        .skip(state.size())
        .map(leaf -> Literal.splat(leaf.type(), 0))
        .forEach(state::add);
    return state;
  }

  private static List<Literal> run(
      Backend backend, Executable step, List<Literal> state, TokenRows rows) {
    TensorType type = TensorType.of(DType.I32, ROWS, LENGTH);
    List<Buffer> inputs = new ArrayList<>();
    for (Literal value : state) {
      inputs.add(backend.put(value, backend.devices().getFirst()));
    }
    for (int[] leaf :
        List.of(
            rows.inputs(),
            rows.positions(),
            rows.segments(),
            rows.targets(),
            rows.targetSegments())) {
      inputs.add(backend.put(Literal.wrap(type, leaf), backend.devices().getFirst()));
    }
    List<Buffer> outputs = step.execute(inputs);
    List<Literal> results = outputs.stream().map(Buffer::toLiteral).toList();
    inputs.forEach(Buffer::close);
    outputs.forEach(Buffer::close);
    return results;
  }
}
