package jaxon.cli;

import jaxon.cluster.launch.LauncherWatch;
import jaxon.config.Place;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The program: `jaxon COMMAND …`.
///
/// Exit codes: 0 success, 1 failure, 2 a mistake in the arguments or the configuration.
@Command(
    name = "jaxon",
    description = "Trains and serves large language models on the JVM.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      TrainCommand.class,
      DecodeCommand.class,
      LaunchCommand.class,
      CheckpointCommand.class,
      TokenizerCommand.class,
      ConfigCommand.class,
      ConvertCommand.class,
      VerifyCommand.class,
      BenchCommand.class
    })
public final class Jaxon implements Runnable {
  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the field before it runs the command.
  Jaxon() {}

  /// Runs the command line and ends the JVM with its exit code.
  public static void main(String[] args) {
    LauncherWatch.startIfLaunched();
    System.exit(commandLine("1".equals(System.getenv("JAXON_DEBUG"))).execute(args));
  }

  /// The parser of all commands; with `debug`, failures print their stack trace.
  static CommandLine commandLine(boolean debug) {
    return new CommandLine(new Jaxon())
        .registerConverter(Place.class, Place::of)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(new FailureReport(debug))
        // An argument that starts with @ is a value, not a file of arguments.
        .setExpandAtFiles(false);
  }

  /// Called without a command, which is a mistake: prints the usage.
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing a command.");
  }
}
