package jaxon.trainer.bench;

import java.util.ArrayList;
import java.util.List;
import jaxon.config.Configuration;
import jaxon.trainer.TrainingSession;
import jaxon.trainer.profile.Profile;
import jaxon.trainer.profile.RooflineProbe;
import jaxon.trainer.profile.StepProfiler;

/// Records the kernels of some training steps of a configuration.
///
/// @param warmup steps before, at least 0
/// @param steps recorded steps, at least 1
public record KernelBenchmark(int warmup, int steps) {
  public KernelBenchmark {
    if (warmup < 0 || steps < 1) {
      throw new IllegalArgumentException(
          "needs warmup >= 0 and steps >= 1, got " + warmup + " and " + steps);
    }
  }

  /// Trains and gives what was recorded.
  public Profile run(Configuration config) {
    List<Profile> profiles = new ArrayList<>();
    try (TrainingSession session = TrainingSession.open(config);
        StepProfiler profiler =
            new StepProfiler(
                config.threads(),
                warmup,
                steps,
                () -> new RooflineProbe(config.threads()).measure(),
                profiles::add)) {
      for (int step = 0; step < warmup + steps; step++) {
        profiler.step(step, session::step);
      }
    }
    return profiles.getFirst();
  }
}
