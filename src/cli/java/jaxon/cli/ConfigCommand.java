package jaxon.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import jaxon.config.ConfigHelp;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `jaxon config [KEY…]`: explains configuration keys.
@Command(
    name = "config",
    description = "Explains configuration keys: meaning, default, allowed values.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class ConfigCommand implements Runnable {
  @Parameters(paramLabel = "KEY", description = "Keys to explain; without any, all of them.")
  private final List<String> keys = new ArrayList<>();

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the field before it runs the command.
  ConfigCommand() {}

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    if (keys.isEmpty()) {
      out.print(ConfigHelp.all());
    }
    keys.forEach(key -> out.println(ConfigHelp.of(key).stripTrailing()));
    out.flush();
  }
}
