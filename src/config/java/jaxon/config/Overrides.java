package jaxon.config;

import java.util.ArrayList;
import java.util.List;

/// Reads `key=value` and `--key=value` arguments, and values of environment variables.
final class Overrides {

  private Overrides() {}

  /// The settings of the command line in the order given.
  static List<Setting> parse(List<String> arguments, Problems problems) {
    List<Setting> settings = new ArrayList<>();
    Origin origin = new Origin.CommandLine();
    for (String argument : arguments) {
      String text = argument.startsWith("--") ? argument.substring(2) : argument;
      int equals = text.indexOf('=');
      if (equals > 0) {
        settings.add(
            setting(text.substring(0, equals).strip(), text.substring(equals + 1), origin));
      } else {
        problems.add(
            ShownText.of(argument),
            origin,
            "the argument is not of the form key=value",
            advice(text));
      }
    }
    return settings;
  }

  /// One setting, its value read as YAML where the key's type asks for it.
  static Setting setting(String key, String text, Origin origin) {
    return new Setting(key, value(key, text), origin);
  }

  private static YamlValue value(String key, String text) {
    boolean literal = Schema.find(key).map(Parameter::isText).orElse(true);
    String stripped = text.strip();
    boolean quoted = isQuoted(stripped, '"') || isQuoted(stripped, '\'');
    boolean list = stripped.startsWith("[") || stripped.startsWith("{");
    if (!quoted && (literal || !list)) {
      return new YamlValue.Scalar(literal ? text : stripped, true);
    }
    try {
      return YamlReader.value(stripped);
    } catch (IllegalArgumentException e) {
      return new YamlValue.Other(
          ShownText.of(text) + ", which is not valid YAML: " + e.getMessage());
    }
  }

  private static boolean isQuoted(String text, char quote) {
    return text.length() > 1 && text.charAt(0) == quote && text.charAt(text.length() - 1) == quote;
  }

  private static String advice(String text) {
    if (text.endsWith(".yml") || text.endsWith(".yaml")) {
      return "Choose the file with --config=" + ShownText.of(text) + ".";
    }
    boolean key = Schema.find(text).isPresent();
    return "Write " + (key ? text + "=VALUE" : "for example steps=100") + ", without spaces.";
  }
}
