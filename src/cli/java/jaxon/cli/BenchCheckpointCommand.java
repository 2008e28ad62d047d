package jaxon.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import jaxon.config.Configuration;
import jaxon.trainer.CheckpointBenchmark;
import jaxon.trainer.SavingBenchmark;
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
      "beside copying memory and plain sequential files in the same run; with --turns also training",
      "steps, with a save after each and without, by turns."
    },
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    versionProvider = Version.class)
final class BenchCheckpointCommand implements Runnable {
  private static final List<String> EVERY_STEP =
      List.of("enable_checkpointing=true", "checkpoint_period=1", "max_num_checkpoints_to_keep=1");

  @Option(
      names = "--directory",
      defaultValue = ".",
      description = "A place on the disk to measure.")
  private Path directory;

  @Option(names = "--rounds", defaultValue = "5", description = "Rounds; medians are shown.")
  private int rounds;

  @Option(
      names = "--turns",
      defaultValue = "0",
      description = "Turns of training without saves and with them; 0 to train nothing.")
  private int turns;

  @Option(names = "--steps", defaultValue = "3", description = "Timed steps in a turn.")
  private int steps;

  @Mixin private BenchedConfig config;

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields before it runs the command.
  BenchCheckpointCommand() {}

  @Override
  public void run() {
    if (rounds < 1 || turns < 0 || steps < 1) {
      throw new ParameterException(
          spec.commandLine(),
          "--rounds and --steps must be at least 1 and --turns at least 0, found %d, %d and %d"
              .formatted(rounds, steps, turns));
    }
    Configuration configuration = config.load(EVERY_STEP);
    PrintWriter out = spec.commandLine().getOut();
    try (CheckpointBenchmark benchmark = new CheckpointBenchmark(configuration, directory)) {
      benchmark.run(rounds, out::println);
    }
    out.flush();
    if (turns > 0) {
      new SavingBenchmark(configuration, directory).run(turns, steps, out::println);
      out.flush();
    }
  }
}
