package jaxon.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `jaxon train`: trains a model as a configuration file says.
@Command(
    name = "train",
    description = "Trains a model.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class TrainCommand implements Callable<Integer> {
  @Option(
      names = "--config",
      required = true,
      paramLabel = "NAME",
      description = "A file of configs/ (base.yml) or the path of a YAML file.")
  private String config;

  @Parameters(
      paramLabel = "KEY=VALUE",
      description = "Values that replace those of the file; --KEY=VALUE means the same.")
  private final List<String> arguments = new ArrayList<>();

  private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields before it runs the command.
  TrainCommand() {}

  /// Lets `--key=value` through: the keys are those of the configuration, not options of ours.
  @Spec
  void setSpec(CommandSpec spec) {
    this.spec = spec;
    spec.parser().unmatchedOptionsArePositionalParams(true);
  }

  @Override
  public Integer call() {
    List<String> overrides = Overrides.parse(arguments, spec);
    spec.commandLine().getErr().println("Not connected: " + config + " " + overrides);
    return ExitCode.SOFTWARE;
  }
}
