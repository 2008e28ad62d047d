package jaxon.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `jaxon verify …`: the commands that hold Jaxon against other implementations.
@Command(
    name = "verify",
    description = "Checks models against other implementations.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = VerifyLogitsCommand.class)
final class VerifyCommand implements Runnable {
  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the field before it runs the command.
  VerifyCommand() {}

  /// Called without a command, which is a mistake: prints the usage.
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing a command.");
  }
}
