package jaxon.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Adds the file of the chosen model to the layers, and guards its keys against other settings.
final class ModelSettings {

  private static final String NO_MODEL = "default";

  private final ConfigFinder finder;
  private final ValueParser parser;
  private final Problems problems;

  ModelSettings(ConfigFinder finder, ValueParser parser, Problems problems) {
    this.finder = finder;
    this.parser = parser;
    this.problems = problems;
  }

  void addTo(Layers layers) {
    Optional<Setting> chosen = layers.winner("model_name");
    if (chosen.isEmpty()
        || !(chosen.get().value() instanceof YamlValue.Scalar name)
        || name.isEmpty()
        || name.text().equals(NO_MODEL)) {
      return;
    }
    Map<String, Setting> bound = layers.bound();
    boolean override = layers.winner("override_model_config").map(this::isTrue).orElse(false);
    String origin = chosen.get().origin().describe();
    List<Setting> settings =
        finder
            .model(name.text(), origin, problems)
            .map(new YamlReader(problems)::read)
            .orElse(List.of());
    for (Setting setting : settings) {
      Setting other = bound.get(setting.key());
      if (other == null || !differs(setting, other)) {
        layers.addModel(setting, true);
        continue;
      }
      layers.addModel(setting, false);
      if (!override) {
        reportContradiction(name.text(), setting, other);
      }
    }
  }

  /// Whether two settings of a key give different values; false when one is unreadable, which is
  /// reported later.
  private boolean differs(Setting model, Setting other) {
    Optional<Parameter> parameter = Schema.find(model.key());
    if (parameter.isEmpty()) {
      return false;
    }
    try {
      Object expected = parser.parse(parameter.get(), model);
      return !expected.equals(parser.parse(parameter.get(), other));
    } catch (RejectedValue e) {
      return false;
    }
  }

  private boolean isTrue(Setting setting) {
    return setting.value() instanceof YamlValue.Scalar scalar
        && scalar.text().strip().equalsIgnoreCase("true");
  }

  private void reportContradiction(String model, Setting setting, Setting other) {
    problems.add(
        setting.key(),
        other.origin(),
        "found "
            + shown(other)
            + ", but model "
            + model
            + " has "
            + shown(setting)
            + " ("
            + setting.origin().describe()
            + ")",
        "Remove one of the two, or set override_model_config=true.");
  }

  private String shown(Setting setting) {
    try {
      return YamlText.of(parser.parse(Schema.find(setting.key()).orElseThrow(), setting));
    } catch (RejectedValue e) {
      return e.message();
    }
  }
}
