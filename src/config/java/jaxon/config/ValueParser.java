package jaxon.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Turns the value of a setting into the type of its parameter.
final class ValueParser {

  private final Path workingDirectory;

  ValueParser(Path workingDirectory) {
    this.workingDirectory = workingDirectory;
  }

  /// The typed value of a setting.
  Object parse(Parameter parameter, Setting setting) throws RejectedValue {
    return parse(parameter, setting.value(), base(parameter, setting.origin()));
  }

  /// The typed default of a parameter.
  Object defaultValue(Parameter parameter) {
    try {
      YamlValue value = YamlReader.value(parameter.spec().defaultValue());
      return parse(parameter, value, workingDirectory);
    } catch (RejectedValue e) {
      throw new IllegalStateException("default of " + parameter.key() + ": " + e.message(), e);
    }
  }

  private static Object parse(Parameter parameter, YamlValue value, Path base)
      throws RejectedValue {
    ScalarParser elements = new ScalarParser(parameter, base);
    return switch (parameter.form()) {
      case SINGLE -> elements.parse(scalar(value));
      case OPTIONAL -> {
        YamlValue.Scalar scalar = scalar(value);
        yield scalar.isEmpty() ? Optional.empty() : Optional.of(elements.parse(scalar));
      }
      case LIST -> list(value, elements);
    };
  }

  private static YamlValue.Scalar scalar(YamlValue value) throws RejectedValue {
    return switch (value) {
      case YamlValue.Scalar scalar -> scalar;
      case YamlValue.Sequence _ -> throw new RejectedValue("found a list", "");
      case YamlValue.Other other -> throw new RejectedValue("found " + other.what(), "");
    };
  }

  private static List<Object> list(YamlValue value, ScalarParser elements) throws RejectedValue {
    if (!(value instanceof YamlValue.Sequence sequence)) {
      YamlValue.Scalar single = scalar(value);
      throw new RejectedValue(
          single.isEmpty() ? "found no value" : "found " + ShownText.of(single.text()),
          "Write a list in square brackets.");
    }
    if (sequence.items().isEmpty()) {
      throw new RejectedValue("found an empty list", "");
    }
    List<Object> list = new ArrayList<>();
    for (YamlValue.Scalar item : sequence.items()) {
      list.add(elements.parse(item));
    }
    return List.copyOf(list);
  }

  private Path base(Parameter parameter, Origin origin) {
    boolean fromFile = parameter.spec().base() == Key.Base.SETTING_FILE;
    if (fromFile && origin instanceof Origin.Line line) {
      Path directory = line.file().path().getParent();
      return directory == null ? workingDirectory : directory;
    }
    return workingDirectory;
  }
}
