package jaxon.config;

import java.util.Optional;

/// The profiler, which records the kernels of a few steps.
public record ProfilerConfig(
    @Key(
            doc =
                "Record every kernel of a few steps in the run's directory; trace: trace.json, for"
                    + " ui.perfetto.dev. Empty: no profiler.",
            defaultValue = "",
            notYet = {"xplane", "nsys"},
            differs = "MaxText has xplane and nsys, Jaxon has trace")
        Optional<ProfilerType> profiler,
    @Key(
            doc = "Steps before the profiler starts; the first one compiles and warms up.",
            defaultValue = "1",
            min = 0)
        int skipFirstNStepsForProfiler,
    @Key(doc = "Steps that the profiler records.", defaultValue = "5", min = 1, max = 1000)
        int profilerSteps) {}
