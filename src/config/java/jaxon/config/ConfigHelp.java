package jaxon.config;

import java.util.Optional;

/// Describes the keys for people, from their [Key] annotations.
public final class ConfigHelp {

  private static final int WIDTH = 96;
  private static final String INDENT = "      ";

  private ConfigHelp() {}

  /// All keys by section.
  public static String all() {
    StringBuilder text = new StringBuilder();
    for (Schema.Section section : Schema.sections()) {
      text.append(text.isEmpty() ? "" : "\n").append(section.name()).append(":\n");
      section.parameters().forEach(parameter -> text.append(describe(parameter, "  ")));
    }
    return text.toString();
  }

  /// Whether there is a key of this name.
  public static boolean isKey(String key) {
    return Schema.find(key).isPresent();
  }

  /// One key; for a name that is none of Jaxon's, the reason and the nearest one that is.
  public static String of(String key) {
    Optional<Parameter> parameter = Schema.find(key);
    if (parameter.isPresent()) {
      return describe(parameter.get(), "");
    }
    String shown = ShownText.of(key);
    return KnownKeys.isMaxText(key)
        ? shown + " is a MaxText key that Jaxon does not do yet.\n"
        : "There is no key " + shown + ". " + KnownKeys.advice(key) + "\n";
  }

  private static String describe(Parameter parameter, String indent) {
    Key spec = parameter.spec();
    String defaultValue = spec.defaultValue().isEmpty() ? "empty" : spec.defaultValue();
    StringBuilder text = new StringBuilder();
    text.append(indent).append(parameter.key()).append(" = ").append(defaultValue).append('\n');
    append(text, spec.doc());
    append(text, "Allowed: " + AllowedValues.of(parameter) + ".");
    if (spec.notYet().length > 0) {
      append(text, "Not done yet: " + String.join(", ", spec.notYet()) + ".");
    }
    if (!KnownKeys.isMaxText(parameter.key())) {
      append(text, "Jaxon's own key; MaxText has none of this name.");
    } else if (!spec.differs().isEmpty()) {
      append(text, "Differs: " + spec.differs() + ".");
    }
    return text.toString();
  }

  private static void append(StringBuilder text, String prose) {
    WrappedText.lines(prose, WIDTH - INDENT.length())
        .forEach(line -> text.append(INDENT).append(line).append('\n'));
  }
}
