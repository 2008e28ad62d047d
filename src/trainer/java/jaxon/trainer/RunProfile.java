package jaxon.trainer;

import java.io.IOException;
import java.nio.file.Path;
import jaxon.config.Configuration;
import jaxon.trainer.profile.Profile;
import jaxon.trainer.profile.RooflineProbe;
import jaxon.trainer.profile.StepProfiler;
import jaxon.trainer.profile.TraceFile;

/// The profiler that a run is asked for: writes `trace.json` to its directory.
final class RunProfile {
  private RunProfile() {}

  /// A profiler that records the steps that `config` names: none, if it asks for no profiler.
  static StepProfiler open(Configuration config, RunDirectory directory, RunReport report) {
    int threads = config.threads();
    boolean asked = config.profiler().profiler().isPresent() && config.cluster().processId() == 0;
    int steps = asked ? config.profiler().profilerSteps() : 0;
    return new StepProfiler(
        threads,
        config.profiler().skipFirstNStepsForProfiler(),
        steps,
        () -> new RooflineProbe(threads).measure(),
        profile -> write(profile, directory.path().resolve("trace.json"), report));
  }

  private static void write(Profile profile, Path file, RunReport report) {
    try {
      TraceFile.write(file, profile);
    } catch (IOException e) {
      throw TrainingException.failure("cannot write the profile to " + file + ": " + e, e);
    }
    report.profile(file);
  }
}
