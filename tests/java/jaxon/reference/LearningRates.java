package jaxon.reference;

/// MaxText's learning-rate schedules, told step by step: phase lengths are rounded down, a phase
/// starts counting at 0, a fall is at its end in its last step, and after it the rate is 0.
///
/// @param finalFraction share of the peak that the decay goes to
public record LearningRates(double peak, double finalFraction, int steps, double warmupFraction) {
  /// Linear rise from 0, then half a cosine.
  public double cosine(int step) {
    int warmup = (int) (steps * warmupFraction);
    if (step < warmup) {
      return peak * step / warmup;
    }
    return step < steps ? fallCosine(share(step - warmup, steps - warmup)) : 0;
  }

  /// Linear rise from 0, the peak for a while, then a fall over the last `decayFraction` of steps.
  public double wsd(int step, double decayFraction, boolean cosineFall) {
    int warmup = (int) (steps * warmupFraction);
    int decay = (int) (steps * decayFraction);
    if (step < warmup) {
      return peak * step / warmup;
    }
    if (step < steps - decay) {
      return peak;
    }
    if (step >= steps) {
      return 0;
    }
    double progress = share(step - (steps - decay), decay);
    return cosineFall ? fallCosine(progress) : peak + progress * (peak * finalFraction - peak);
  }

  /// Share of a fall of `length` steps that lies behind its `index`-th.
  private static double share(int index, int length) {
    return length > 1 ? (double) index / (length - 1) : 1;
  }

  private double fallCosine(double progress) {
    double high = (Math.cos(Math.PI * progress) + 1) / 2;
    return peak * high + peak * finalFraction * (1 - high);
  }
}
