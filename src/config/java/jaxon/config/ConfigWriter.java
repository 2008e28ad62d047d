package jaxon.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/// Writes a configuration as YAML that loads back to an equal one.
public final class ConfigWriter {

  private static final int WIDTH = 100;

  private ConfigWriter() {}

  /// The values of all keys, as YAML.
  public static SequencedMap<String, String> values(Configuration configuration) {
    SequencedMap<String, String> values = new LinkedHashMap<>();
    Schema.values(configuration).forEach((key, value) -> values.put(key, YamlText.of(value)));
    return values;
  }

  /// All keys with their values, by section, each with its documentation as a comment.
  ///
  /// Paths are absolute, so the text may be stored anywhere on the same machine.
  public static String toYaml(Configuration configuration) {
    Map<String, Object> values = Schema.values(configuration);
    StringBuilder yaml = new StringBuilder();
    for (Schema.Section section : Schema.sections()) {
      yaml.append(yaml.isEmpty() ? "" : "\n").append("# ---- ").append(section.name());
      yaml.append(" ----\n");
      for (Parameter parameter : section.parameters()) {
        String doc = parameter.spec().doc();
        WrappedText.lines(doc, WIDTH - 2)
            .forEach(line -> yaml.append("# ").append(line).append('\n'));
        Object value = values.getOrDefault(parameter.key(), "");
        yaml.append(parameter.key()).append(": ").append(YamlText.of(value)).append('\n');
      }
    }
    return yaml.toString();
  }
}
