package jaxon.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `jaxon tokenizer …`: the commands about tokenizers.
@Command(
    name = "tokenizer",
    description = "Makes tokenizers.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = TokenizerTrainCommand.class)
final class TokenizerCommand implements Runnable {
  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the field before it runs the command.
  TokenizerCommand() {}

  /// Called without a command, which is a mistake: prints the usage.
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing a command.");
  }
}
