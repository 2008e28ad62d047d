package jaxon.config;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Typed values as YAML text that any YAML reader, of version 1.1 or 1.2, reads as the same value.
final class YamlText {

  private static final Pattern SAFE_UNQUOTED = Pattern.compile("[A-Za-z_/][A-Za-z0-9_./-]*");

  /// Words that some version of YAML takes for something other than text.
  private static final Set<String> RESERVED =
      Set.of("true", "false", "yes", "no", "on", "off", "y", "n", "null");

  private YamlText() {}

  static String of(Object value) {
    return switch (value) {
      case Optional<?> optional -> optional.map(YamlText::of).orElse("\"\"");
      case List<?> list -> "[" + String.join(", ", list.stream().map(YamlText::of).toList()) + "]";
      case YamlNamed named -> text(named.yamlName());
      case Double number -> number(number);
      case Boolean truth -> truth.toString();
      case Integer number -> number.toString();
      default -> text(value.toString());
    };
  }

  /// Plain digits where that is short; otherwise `1.0e-05`, with the point and sign that YAML 1.1
  /// asks for.
  private static String number(double value) {
    String plain = new BigDecimal(Double.toString(value)).stripTrailingZeros().toPlainString();
    if (plain.length() <= 8) {
      return plain;
    }
    String exponent = Double.toString(value);
    return exponent.replaceFirst("E(?=\\d)", "e+").replace("E-", "e-");
  }

  private static String text(String text) {
    if (SAFE_UNQUOTED.matcher(text).matches()
        && !RESERVED.contains(text.toLowerCase(Locale.ROOT))) {
      return text;
    }
    StringBuilder quoted = new StringBuilder("\"");
    text.codePoints().forEach(point -> appendEscaped(quoted, point));
    return quoted.append('"').toString();
  }

  private static void appendEscaped(StringBuilder out, int point) {
    switch (point) {
      case '"' -> out.append("\\\"");
      case '\\' -> out.append("\\\\");
      case '\n' -> out.append("\\n");
      case '\t' -> out.append("\\t");
      default -> {
        if ((point >= ' ' && point <= '~') || Character.isLetterOrDigit(point)) {
          out.appendCodePoint(point);
        } else if (point <= 0xFFFF) {
          out.append(String.format("\\u%04X", point));
        } else {
          out.append(String.format("\\U%08X", point));
        }
      }
    }
  }
}
