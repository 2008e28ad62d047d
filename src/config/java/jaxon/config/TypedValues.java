package jaxon.config;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
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
      Optional<Problem> problem = put(values, parameter, setting, parser);
      problem = problem.or(() -> contradiction(parameter, setting, layers, parser));
      if (problem.isPresent()) {
        rejected.add(setting.key());
        problems.add(problem.get());
      }
    }
    return new TypedValues(values, rejected);
  }

  private static Optional<Problem> put(
      Map<String, Object> values, Parameter parameter, Setting setting, ValueParser parser) {
    try {
      values.put(setting.key(), parser.parse(parameter, setting));
      return Optional.empty();
    } catch (RejectedValue e) {
      String allowed = "Allowed: " + AllowedValues.of(parameter) + ".";
      String advice = e.advice().isEmpty() ? allowed : allowed + " " + e.advice();
      return Optional.of(
          new Problem(setting.key(), setting.origin().describe(), e.message(), advice));
    }
  }

  private static Optional<Problem> contradiction(
      Parameter parameter, Setting setting, Layers layers, ValueParser parser) {
    return layers
        .contradicted(setting)
        .map(model ->
            new Problem(
                setting.key(),
                setting.origin().describe(),
                "found "
                    + shown(parameter, setting, parser)
                    + ", but the model has "
                    + shown(parameter, model, parser)
                    + " ("
                    + model.origin().describe()
                    + ")",
                "Remove one of the two, or set override_model_config=true."));
  }

  private static String shown(Parameter parameter, Setting setting, ValueParser parser) {
    try {
      return YamlText.of(parser.parse(parameter, setting));
    } catch (RejectedValue e) {
      return e.message();
    }
  }
}
