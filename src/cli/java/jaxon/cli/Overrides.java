package jaxon.cli;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/// Configuration values given on the command line, as `key=value` or `--key=value`.
final class Overrides {
  private static final Pattern OVERRIDE =
      Pattern.compile("(?:--)?([A-Za-z_][A-Za-z0-9_.]*=.*)", Pattern.DOTALL);

  private Overrides() {}

  /// The arguments as `key=value`, in the order given; values stay as they are.
  ///
  /// @throws ParameterException if an argument has another form
  static List<String> parse(List<String> arguments, CommandSpec spec) {
    return arguments.stream().map(argument -> parse(argument, spec)).toList();
  }

  private static String parse(String argument, CommandSpec spec) {
    Matcher matcher = OVERRIDE.matcher(argument);
    if (!matcher.matches()) {
      throw new ParameterException(
          spec.commandLine(),
          "Cannot read the argument '"
              + argument
              + "': it is not an option, and a configuration value is written key=value"
              + " or --key=value, for example learning_rate=3e-4.");
    }
    return matcher.group(1);
  }
}
