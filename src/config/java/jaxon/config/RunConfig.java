package jaxon.config;

import java.nio.file.Path;
import java.util.Optional;

/// The run as a whole: name, place, device, length, number types.
public record RunConfig(
    @Key(
            doc =
                "Name of the run; its files go to base_output_directory/run_name. Empty: derived"
                    + " from the time.",
            defaultValue = "")
        String runName,
    @Key(
            doc = "Directory that holds one directory for each run.",
            defaultValue = "out",
            differs = "MaxText has no default")
        Path baseOutputDirectory,
    @Key(
            doc =
                "The backend that runs the programs: cpu (a compiler), nd4j (op by op), xla (XLA on the"
                    + " CPU, in builds made with JAXON_PROFILES=xla), interpreter (slow, plain Java,"
                    + " for checking).",
            defaultValue = "cpu",
            oneOf = {"cpu", "nd4j", "xla", "interpreter"},
            notYet = {"gpu", "gpu_multiprocess", "tpu"},
            differs = "MaxText's default is tpu")
        String hardware,
    @Key(
            doc = "Number of training steps (optimizer updates).",
            defaultValue = "150001",
            min = 0,
            differs = "MaxText also takes -1 for learning_rate_schedule_steps")
        int steps,
    @Key(doc = "Metrics are flushed every so many steps.", defaultValue = "100", min = 1)
        int logPeriod,
    @Key(doc = "Seed of the initial weights.", defaultValue = "0") int initWeightsSeed,
    @Key(
            doc = "Type of activations and of matmul inputs.",
            defaultValue = "bfloat16",
            notYet = "float16")
        FloatType dtype,
    @Key(
            doc = "Type in which weights are stored and updated.",
            defaultValue = "float32",
            notYet = "float16")
        FloatType weightDtype,
    @Key(
            doc = "Type of gradients between the backward pass and the optimizer.",
            defaultValue = "float32",
            notYet = "float16")
        FloatType gradDtype,
    @Key(doc = "Stop when the loss is not a number.", defaultValue = "true") boolean abortOnNanLoss,
    @Key(doc = "Stop when the loss is infinite.", defaultValue = "true") boolean abortOnInfLoss,
    @Key(
            doc = "Directory to write the text of the compiled programs to. Empty: not written.",
            defaultValue = "")
        Optional<Path> dumpTo,
    @Key(
            doc =
                "Directory where generated code is kept for later runs. Empty: in the user's cache"
                    + " folder.",
            defaultValue = "",
            differs = "MaxText's default is ~/jax_cache")
        Optional<Path> jaxCacheDir,
    @Key(doc = "Threads to compute with. 0: all cores.", defaultValue = "0", min = 0, max = 4096)
        int numThreads) {}
