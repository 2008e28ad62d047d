package jaxon.trainer.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import jaxon.graph.trace.Array;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;
import jaxon.layers.Configs;
import jaxon.trainer.HostRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Every step of the schedules against the formula of MaxText's `create_learning_rate_schedule`
/// (`maxtext_utils.py`), in plain Java.
class ScheduleTest {
  @ParameterizedTest
  @CsvSource({
    "20, 0.1, 0.1, -1",
    "20, 0, 0.1, -1",
    "20, 1, 0.1, -1",
    "20, 0.95, 0.1, -1",
    "20, 0.1, 0, -1",
    "20, 0.1, 1, -1",
    "20, 0.25, 0.1, 13",
    "20, 0.1, 0.1, 9",
    "20, 0.1, 0.1, 100",
    "10, 0.3, 0.1, -1",
    "1, 0.1, 0.1, -1",
    "1, 1, 0.1, -1",
    "2, 0.5, 0.1, -1",
  })
  void cosine(int steps, double warmup, double fraction, int scheduleSteps) {
    Schedule schedule =
        schedule(
            "steps=" + steps,
            "warmup_steps_fraction=" + warmup,
            "learning_rate_final_fraction=" + fraction,
            "learning_rate_schedule_steps=" + scheduleSteps);
    int length = scheduleSteps == -1 ? steps : scheduleSteps;
    int rise = (int) (length * warmup);
    check(schedule, new Reference(fraction, rise, 0, length - rise, true), length + 3);
  }

  @ParameterizedTest
  @CsvSource({
    "20, 0.1, 0.2, 0.1, -1",
    "20, 0, 0.2, 0.1, -1",
    "20, 0.1, 0, 0.1, -1",
    "20, 0, 1, 0.1, -1",
    "20, 0.5, 0.5, 0, -1",
    "20, 1, 0, 0.1, -1",
    "20, 0.1, 0.3, 0.5, 7",
    "10, 0.29, 0.29, 0.1, -1",
    "1, 0.1, 0.1, 0.1, -1",
  })
  void warmupStableDecay(
      int steps, double warmup, double decay, double fraction, int scheduleSteps) {
    int length = scheduleSteps == -1 ? steps : scheduleSteps;
    int rise = (int) (length * warmup);
    int fall = (int) (length * decay);
    for (String style : List.of("linear", "cosine")) {
      Schedule schedule =
          schedule(
              "lr_schedule_type=wsd",
              "wsd_decay_style=" + style,
              "steps=" + steps,
              "warmup_steps_fraction=" + warmup,
              "wsd_decay_steps_fraction=" + decay,
              "learning_rate_final_fraction=" + fraction,
              "learning_rate_schedule_steps=" + scheduleSteps);
      Reference expected =
          new Reference(fraction, rise, length - rise - fall, fall, style.equals("cosine"));
      check(schedule, expected, length + 3);
    }
  }

  @Test
  void beginsAtZeroReachesThePeakAfterTheWarmupAndTheFinalRateInTheLastStep() {
    Schedule schedule = schedule("steps=100");
    assertThat(rate(schedule, 0)).isZero();
    assertThat(rate(schedule, 10)).isEqualTo((float) PEAK);
    assertThat(rate(schedule, 99)).isCloseTo(0.1 * PEAK, within(1e-9));
    assertThat(rate(schedule, 100)).isZero();
  }

  @Test
  void noStepsAtAllAreNoDivisionByZero() {
    assertThat(rate(schedule("steps=0"), 0)).isZero();
  }

  /// MaxText stays at the peak in a linear decay of one step, by optax's definition of a schedule
  /// without transition, and goes to the end in a cosine one. Here both go to the end.
  @Test
  void decayOfOneStepIsAtItsEnd() {
    for (String style : List.of("linear", "cosine")) {
      Schedule schedule = schedule("lr_schedule_type=wsd", "steps=10", "wsd_decay_style=" + style);
      assertThat(rate(schedule, 8)).isEqualTo((float) PEAK);
      assertThat(rate(schedule, 9)).isCloseTo(0.1 * PEAK, within(1e-9));
    }
  }

  private static final double PEAK = 0.02;

  /// The formula, in double.
  private record Reference(double fraction, int warmup, int stable, int decay, boolean cosine) {
    double at(int step) {
      if (step < warmup) {
        return PEAK * step / warmup;
      }
      if (step < warmup + stable) {
        return PEAK;
      }
      if (step >= warmup + stable + decay) {
        return 0;
      }
      double done = decay > 1 ? (step - warmup - stable) / (decay - 1.0) : 1;
      double share = cosine ? 0.5 * (Math.cos(Math.PI * done) + 1) : 1 - done;
      return PEAK * share + PEAK * fraction * (1 - share);
    }
  }

  private static void check(Schedule schedule, Reference expected, int steps) {
    for (int step = 0; step < steps; step++) {
      assertThat(rate(schedule, step))
          .as("step %d of %s", step, schedule)
          .isCloseTo(expected.at(step), within(1e-6 * PEAK));
    }
  }

  private static Schedule schedule(String... overrides) {
    String[] all = new String[overrides.length + 1];
    System.arraycopy(overrides, 0, all, 0, overrides.length);
    all[overrides.length] = "learning_rate=" + PEAK;
    return Schedule.of(Configs.tiny(all));
  }

  private static double rate(Schedule schedule, int step) {
    Array template = Array.placeholder(TensorType.of(DType.I32));
    Literal rate =
        HostRun.run(template, schedule::at, List.of(Literal.ofInts(new int[] {step}))).getFirst();
    assertThat(rate.type()).isEqualTo(TensorType.of(DType.F32));
    return rate.get(0);
  }
}
