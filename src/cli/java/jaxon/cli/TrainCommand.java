package jaxon.cli;

import jaxon.config.ConfigHelp;
import jaxon.config.Configuration;
import jaxon.trainer.Trainer;
import jaxon.trainer.metrics.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.IHelpSectionRenderer;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.Option;
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

  @Mixin private ConfigOverrides overrides;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields before it runs the command.
  TrainCommand() {}

  /// Lists the keys in the help.
  @Spec
  void setSpec(CommandSpec spec) {
    IHelpSectionRenderer keys = _ -> "%nParameters:%n%n".formatted() + ConfigHelp.all();
    spec.usageMessage().sectionMap().put(UsageMessageSpec.SECTION_KEY_FOOTER, keys);
  }

  @Override
  public void run() {
    Configuration configuration = overrides.load(config);
    Trainer.train(configuration, Terminal.ofStandardOutput(), TrainCommand::end);
  }

  /// Not an exit, which would wait for what cannot end in order.
  private static void end(String message, int exitCode) {
    if (!message.isEmpty()) {
      System.err.println(message);
    }
    Runtime.getRuntime().halt(exitCode);
  }
}
