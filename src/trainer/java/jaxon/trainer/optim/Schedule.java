package jaxon.trainer.optim;

import jaxon.config.Configuration;
import jaxon.config.ScheduleConfig;
import jaxon.config.WsdDecayStyle;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Ops;
import jaxon.graph.type.DType;

/// A learning rate for each step.
///
/// Both kinds warm up linearly from 0 to `peak` over `warmup` steps, then decay to `peak ·
/// finalFraction`, and are 0 from step `warmup + stable + decay` on, as in MaxText. The cosine
/// schedule has no stable phase. The decay begins at the peak in its first step and is at its end
/// in its last; one of a single step is at its end.
///
/// @param peak highest rate
/// @param finalFraction share of the peak at the end of the decay
/// @param warmup steps of the rise
/// @param stable steps at the peak
/// @param decay steps of the fall
/// @param cosine whether the fall is a half cosine, else linear
public record Schedule(
    double peak, double finalFraction, long warmup, long stable, long decay, boolean cosine) {
  /// The schedule that `lr_schedule_type` and its keys describe.
  public static Schedule of(Configuration config) {
    ScheduleConfig keys = config.schedule();
    long steps = config.scheduleSteps();
    long warmup = (long) (steps * keys.warmupStepsFraction());
    return switch (keys.lrScheduleType()) {
      case COSINE ->
          new Schedule(
              keys.learningRate(),
              keys.learningRateFinalFraction(),
              warmup,
              0,
              steps - warmup,
              true);
      case WSD -> {
        long decay = (long) (steps * keys.wsdDecayStepsFraction());
        yield new Schedule(
            keys.learningRate(),
            keys.learningRateFinalFraction(),
            warmup,
            steps - warmup - decay,
            decay,
            keys.wsdDecayStyle() == WsdDecayStyle.COSINE);
      }
    };
  }

  /// The rate (`f32[]`) at a step (`i32[]`, counted from 0).
  public Array at(Array step) {
    Array s = step.astype(DType.F32);
    Array rising = s.mul(peak / Math.max(1, warmup));
    Array progress = progress(s).max(0.0);
    Array remaining =
        cosine
            ? progress.mul(Math.PI).cos().add(1.0).mul(0.5)
            : Ops.constant(DType.F32, 1.0).sub(progress);
    Array falling = remaining.mul(1 - finalFraction).add(finalFraction).mul(peak);
    Array decayed = before(s, warmup + stable + decay).select(falling, Ops.constant(DType.F32, 0));
    return before(s, warmup).select(rising, decayed);
  }

  /// Share of the decay that lies behind: 0 in its first step, 1 in its last.
  private Array progress(Array step) {
    double start = warmup + stable;
    return decay <= 1 ? step.sub(start - 1) : step.sub(start).div((double) (decay - 1));
  }

  private static Array before(Array step, long limit) {
    return step.lt(Ops.constant(DType.F32, (double) limit));
  }
}
