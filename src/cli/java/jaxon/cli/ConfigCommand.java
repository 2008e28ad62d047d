package jaxon.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import jaxon.config.ConfigHelp;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `jaxon config [KEY…]`: explains configuration keys.
@Command(
    name = "config",
    description = "Explains configuration keys: meaning, default, allowed values.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class ConfigCommand implements Callable<Integer> {
  @Parameters(paramLabel = "KEY", description = "Keys to explain; without any, all of them.")
  private final List<String> keys = new ArrayList<>();

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the field before it runs the command.
  ConfigCommand() {}

  /// Explains what it can; a name that is no key is a mistake, told on the error output.
  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    if (keys.isEmpty()) {
      out.print(ConfigHelp.all());
    }
    for (String key : keys) {
      (ConfigHelp.isKey(key) ? out : err).println(ConfigHelp.of(key).stripTrailing());
    }
    out.flush();
    err.flush();
    return keys.stream().allMatch(ConfigHelp::isKey) ? ExitCode.OK : ExitCode.USAGE;
  }
}
