package jaxon.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jaxon.config.ConfigHelp;
import jaxon.config.ConfigLoader;
import jaxon.config.Configuration;
import jaxon.trainer.Trainer;
import jaxon.trainer.metrics.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.IHelpSectionRenderer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `jaxon train`: trains a model as a configuration file says.
@Command(
    name = "train",
    description = "Trains a model.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class TrainCommand implements Runnable {
  @Option(
      names = "--config",
      required = true,
      paramLabel = "NAME",
      description =
          "A YAML file: looked for in the working directory, then in configs/ of the installation.")
  private String config;

  @Parameters(
      paramLabel = "KEY=VALUE",
      description = "Values that replace those of the file; --KEY=VALUE means the same.")
  private final List<String> overrides = new ArrayList<>();

  @SuppressWarnings("NullAway.Init") // picocli sets the fields before it runs the command.
  TrainCommand() {}

  /// Lets `--key=value` through, since keys are those of the configuration, and lists them in the
  /// help.
  @Spec
  void setSpec(CommandSpec spec) {
    spec.parser().unmatchedOptionsArePositionalParams(true);
    IHelpSectionRenderer keys = _ -> "%nParameters:%n%n".formatted() + ConfigHelp.all();
    spec.usageMessage().sectionMap().put(UsageMessageSpec.SECTION_KEY_FOOTER, keys);
  }

  @Override
  public void run() {
    Configuration configuration =
        new ConfigLoader(Path.of(""), Installation.configs(), System.getenv())
            .load(config, overrides);
    Trainer.train(configuration, Terminal.ofStandardOutput());
  }
}
