package jaxon.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `jaxon checkpoint …`: the commands about checkpoints.
@Command(
    name = "checkpoint",
    description = {
      "Lists, shows, verifies, compares and removes checkpoints, in a directory or at an address such",
      "as s3://bucket/prefix."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      CheckpointLsCommand.class,
      CheckpointShowCommand.class,
      CheckpointVerifyCommand.class,
      CheckpointDiffCommand.class,
      CheckpointPruneCommand.class
    })
final class CheckpointCommand implements Runnable {
  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the field before it runs the command.
  CheckpointCommand() {}

  /// Called without a command, which is a mistake: prints the usage.
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing a command.");
  }
}
