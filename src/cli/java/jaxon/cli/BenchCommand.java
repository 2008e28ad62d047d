package jaxon.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `jaxon bench …`: the commands that measure.
@Command(
    name = "bench",
    description = "Measures training and making text on this machine.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      BenchTrainStepCommand.class,
      BenchDecodeCommand.class,
      BenchKernelsCommand.class,
      BenchAttentionCommand.class,
      BenchCollectivesCommand.class,
      BenchCheckpointCommand.class,
      BenchPeersCommand.class,
      BenchContestantCommand.class
    })
final class BenchCommand implements Runnable {
  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the field before it runs the command.
  BenchCommand() {}

  /// Called without a command, which is a mistake: prints the usage.
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing a command.");
  }
}
