package jaxon.config;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/// One typed value for each key: the winning setting's, or the default.
///
/// @param values by key
/// @param rejected the keys whose setting was refused, so that their default stands in for it
record TypedValues(Map<String, Object> values, Set<String> rejected) {

  /// Checks every setting's key, and the value of every setting that wins.
  static TypedValues of(Layers layers, ValueParser parser, Problems problems) {
    Map<String, Object> values = new LinkedHashMap<>();
    Set<String> rejected = new LinkedHashSet<>();
    for (Parameter parameter : Schema.parameters()) {
      values.put(parameter.key(), parser.defaultValue(parameter));
    }
    for (Setting setting : layers.inOrder()) {
      if (!KnownKeys.check(setting, problems) || !layers.wins(setting)) {
        continue;
      }
      Parameter parameter = Schema.find(setting.key()).orElseThrow();
      try {
        values.put(setting.key(), parser.parse(parameter, setting));
      } catch (RejectedValue e) {
        rejected.add(setting.key());
        String allowed = "Allowed: " + AllowedValues.of(parameter) + ".";
        String advice = e.advice().isEmpty() ? allowed : allowed + " " + e.advice();
        problems.add(setting.key(), setting.origin(), e.message(), advice);
      }
    }
    return new TypedValues(values, rejected);
  }
}
