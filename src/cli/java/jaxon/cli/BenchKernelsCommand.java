package jaxon.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import jaxon.config.Configuration;
import jaxon.trainer.bench.KernelBenchmark;
import jaxon.trainer.profile.KernelTable;
import jaxon.trainer.profile.Profile;
import jaxon.trainer.profile.TraceFile;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `jaxon bench kernels`: where the time of a training step goes.
@Command(
    name = "kernels",
    description = {
      "Records the kernels of some training steps and prints for each how often it ran, its time,",
      "its rates, and how much of its own roofline they are: the least time that the machine's",
      "matrix rate and copy bandwidth allow its work, over the time it took."
    },
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    versionProvider = Version.class)
final class BenchKernelsCommand implements Runnable {
  @Option(names = "--steps", defaultValue = "3", description = "Recorded steps.")
  private int steps;

  @Option(names = "--warmup", defaultValue = "2", description = "Steps before them.")
  private int warmup;

  @Option(names = "--rows", defaultValue = "40", description = "Kernels shown.")
  private int rows;

  @Option(names = "--json", description = "Print one JSON object a line and kernel.")
  private boolean json;

  @Option(
      names = "--trace",
      paramLabel = "FILE",
      description = "Also write a trace for https://ui.perfetto.dev.")
  private @Nullable Path trace;

  @Mixin private BenchedConfig config;

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields before it runs the command.
  BenchKernelsCommand() {}

  @Override
  public void run() {
    if (steps < 1 || warmup < 0 || rows < 1) {
      throw new ParameterException(
          spec.commandLine(),
          "--steps and --rows must be at least 1 and --warmup at least 0, found %d, %d and %d"
              .formatted(steps, rows, warmup));
    }
    Configuration configuration = config.load();
    Profile profile = new KernelBenchmark(warmup, steps).run(configuration);
    PrintWriter out = spec.commandLine().getOut();
    out.print(json ? KernelTable.json(config.name(), profile) : KernelTable.text(profile, rows));
    out.flush();
    if (trace != null) {
      try {
        TraceFile.write(trace, profile);
      } catch (IOException e) {
        throw new UncheckedIOException("cannot write " + trace, e);
      }
    }
  }
}
