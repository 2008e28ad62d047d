package jaxon.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import jaxon.config.Configuration;
import jaxon.trainer.CheckpointBenchmark;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `jaxon bench checkpoint`: what saving and restoring a model's training state costs.
@Command(
    name = "checkpoint",
    description = {
      "Times the copy that a step waits for, writing and reading of a model's training state,",
      "beside copying memory and plain sequential files in the same run."
    },
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    versionProvider = Version.class)
final class BenchCheckpointCommand implements Runnable {
  @Option(
      names = "--directory",
      defaultValue = ".",
      description = "A place on the disk to measure.")
  private Path directory;

  @Option(names = "--rounds", defaultValue = "5", description = "Rounds; medians are shown.")
  private int rounds;

  @Mixin private BenchedConfig config;

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields before it runs the command.
  BenchCheckpointCommand() {}

  @Override
  public void run() {
    if (rounds < 1) {
      throw new ParameterException(
          spec.commandLine(), "--rounds must be at least 1, found " + rounds);
    }
    Configuration configuration = config.load();
    PrintWriter out = spec.commandLine().getOut();
    try (CheckpointBenchmark benchmark = new CheckpointBenchmark(configuration, directory)) {
      benchmark.run(rounds, out::println);
    }
    out.flush();
  }
}
