package jaxon.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Reads settings from environment variables: `JAXON_LEARNING_RATE` is `learning_rate`.
final class EnvironmentSettings {

  private static final String PREFIX = "JAXON_";

  /// Variables that the launch scripts read; they are no keys.
  private static final Set<String> RESERVED =
      Set.of("JAXON_DEBUG", "JAXON_JAVA_OPTS", "JAXON_PROFILES", "JAXON_XLA_LIBRARY");

  private EnvironmentSettings() {}

  /// The settings in the order of the variables' names.
  static List<Setting> read(Map<String, String> environment) {
    List<Setting> settings = new ArrayList<>();
    for (Map.Entry<String, String> entry : new TreeMap<>(environment).entrySet()) {
      String variable = entry.getKey();
      if (variable.startsWith(PREFIX) && !RESERVED.contains(variable)) {
        String key = variable.substring(PREFIX.length()).toLowerCase(Locale.ROOT);
        settings.add(
            Overrides.setting(
                key, entry.getValue(), new Origin.Environment(ShownText.of(variable))));
      }
    }
    return settings;
  }
}
