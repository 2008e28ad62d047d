package jaxon.config;

import java.nio.file.Path;

/// What a key takes, in words: for help and for messages.
final class AllowedValues {

  private AllowedValues() {}

  static String of(Parameter parameter) {
    String element = element(parameter);
    String allowed =
        switch (parameter.form()) {
          case SINGLE -> element;
          case OPTIONAL -> element + ", or empty";
          case LIST -> "a list such as " + parameter.spec().defaultValue() + ", of " + element;
        };
    String or = parameter.spec().or();
    return or.isEmpty() ? allowed : allowed + ", or " + or;
  }

  private static String element(Parameter parameter) {
    if (!parameter.choices().isEmpty()) {
      String choices = String.join(", ", parameter.choices());
      return parameter.choices().size() == 1 ? "only " + choices : "one of " + choices;
    }
    Class<?> type = parameter.element();
    if (type == boolean.class) {
      return "true or false";
    }
    if (type == int.class) {
      return "a whole number" + range(parameter.spec());
    }
    if (type == double.class) {
      return "a number" + range(parameter.spec());
    }
    if (type == Place.class) {
      return "a path or an address such as s3://bucket/prefix";
    }
    return type == Path.class ? "a path" : "text";
  }

  private static String range(Key spec) {
    String from = Double.isFinite(spec.min()) ? YamlText.of(spec.min()) : "";
    if (Double.isFinite(spec.below())) {
      return (from.isEmpty() ? "" : ", at least " + from) + ", below " + YamlText.of(spec.below());
    }
    if (!Double.isFinite(spec.max())) {
      return from.isEmpty() ? "" : ", at least " + from;
    }
    String to = YamlText.of(spec.max());
    return from.isEmpty() ? ", at most " + to : " from " + from + " to " + to;
  }
}
