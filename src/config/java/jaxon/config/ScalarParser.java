package jaxon.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/// Turns one piece of text into the element type of a parameter, within its range.
///
/// Text that YAML 1.1 and 1.2 read differently (`010`, `yes`) is refused for numbers and truth
/// values and taken as it is for text.
final class ScalarParser {

  private static final Pattern WHOLE = Pattern.compile("[-+]?(0|[1-9][0-9_]*)(\\.0*)?");
  private static final Pattern DECIMAL =
      Pattern.compile("[-+]?(([0-9][0-9_]*\\.?[0-9_]*)|(\\.[0-9][0-9_]*))([eE][-+]?[0-9]{1,4})?");
  private static final Pattern LEADING_ZERO = Pattern.compile("[-+]?0[0-9_]+");
  private static final int LONGEST_NUMBER = 40;

  private final Parameter parameter;
  private final Path base;

  /// @param base where relative paths start
  ScalarParser(Parameter parameter, Path base) {
    this.parameter = parameter;
    this.base = base;
  }

  Object parse(YamlValue.Scalar scalar) throws RejectedValue {
    if (scalar.text().indexOf('\0') >= 0) {
      throw new RejectedValue("found text with a NUL character", "");
    }
    Class<?> type = parameter.element();
    if (type == String.class) {
      return text(scalar.isEmpty() ? "" : scalar.text());
    }
    if (type == Path.class) {
      return path(scalar);
    }
    if (type == Place.class) {
      return isAddress(scalar) ? new Place(scalar.text()) : Place.of(path(scalar));
    }
    String found = scalar.text().strip();
    if (scalar.isEmpty()) {
      throw new RejectedValue("found no value", "");
    }
    if (type.isEnum()) {
      return constant(found);
    }
    if (!scalar.plain()) {
      throw new RejectedValue(
          "found text in quotes: \"" + ShownText.of(found) + "\"", "Leave out the quotes.");
    }
    return type == boolean.class ? truth(found) : number(found, type);
  }

  private String text(String text) throws RejectedValue {
    if (!parameter.choices().isEmpty() && !parameter.choices().contains(text)) {
      throw notAChoice(text);
    }
    return text;
  }

  private YamlNamed constant(String found) throws RejectedValue {
    for (YamlNamed constant : parameter.enumConstants()) {
      if (constant.yamlName().equals(found) && parameter.choices().contains(found)) {
        return constant;
      }
    }
    throw notAChoice(found);
  }

  private RejectedValue notAChoice(String found) {
    if (parameter.isNotYet(found)) {
      return new RejectedValue(found + " is a MaxText value that Jaxon does not do yet", "");
    }
    return new RejectedValue(
        "found " + (found.isEmpty() ? "no value" : ShownText.of(found)),
        NearestName.of(found, parameter.choices())
            .map(near -> "Did you mean " + near + "?")
            .orElse(""));
  }

  private static Boolean truth(String found) throws RejectedValue {
    return switch (found) {
      case "true", "True", "TRUE" -> true;
      case "false", "False", "FALSE" -> false;
      case "yes", "Yes", "on", "On", "y" ->
          throw new RejectedValue("found " + found, "Write true instead of " + found + ".");
      case "no", "No", "off", "Off", "n" ->
          throw new RejectedValue("found " + found, "Write false instead of " + found + ".");
      default -> throw new RejectedValue("found " + ShownText.of(found), "");
    };
  }

  private Object number(String found, Class<?> type) throws RejectedValue {
    if (LEADING_ZERO.matcher(found).matches()) {
      throw new RejectedValue(
          "found " + ShownText.of(found) + ", which some YAML readers take for octal",
          "Write the number without leading zeros.");
    }
    Pattern pattern = type == int.class ? WHOLE : DECIMAL;
    if (found.length() > LONGEST_NUMBER || !pattern.matcher(found).matches()) {
      throw new RejectedValue("found " + ShownText.of(found), fractionAdvice(found, type));
    }
    double value = Double.parseDouble(found.replace("_", ""));
    if (!inRange(value, type)) {
      throw new RejectedValue("found " + ShownText.of(found) + ", which is out of range", "");
    }
    if (type == int.class) {
      return (int) value;
    }
    return value + 0.0; // makes the one zero of -0.0 and 0.0
  }

  private String fractionAdvice(String found, Class<?> type) {
    boolean fraction = type == int.class && DECIMAL.matcher(found).matches();
    String differs = parameter.spec().differs();
    return fraction && !differs.isEmpty() ? "Note: " + differs + "." : "";
  }

  private boolean inRange(double value, Class<?> type) {
    Key spec = parameter.spec();
    if (!spec.or().isEmpty() && value == Double.parseDouble(spec.or().split(" ", 2)[0])) {
      return true;
    }
    boolean fits =
        type == int.class
            ? value >= Integer.MIN_VALUE && value <= Integer.MAX_VALUE
            : Double.isFinite(value);
    return fits && value >= spec.min() && value <= spec.max() && value < spec.below();
  }

  private static boolean isAddress(YamlValue.Scalar scalar) {
    return Place.isAddress(scalar.text());
  }

  private Path path(YamlValue.Scalar scalar) throws RejectedValue {
    String text = scalar.text();
    if (scalar.isEmpty()) {
      throw new RejectedValue("found no value", "");
    }
    if (isAddress(scalar)) {
      throw new RejectedValue(
          "found the address " + ShownText.of(text),
          "Jaxon reads and writes local files only: copy or mount it first.");
    }
    String home = System.getProperty("user.home", "");
    String expanded = text.equals("~") || text.startsWith("~/") ? home + text.substring(1) : text;
    try {
      return base.resolve(expanded).toAbsolutePath().normalize();
    } catch (InvalidPathException e) {
      throw new RejectedValue("found " + ShownText.of(text) + ", which is not a path", "");
    }
  }
}
