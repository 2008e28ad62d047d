package jaxon.config;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Adds the file of the chosen model to the layers, and guards its keys against other settings.
final class ModelSettings {

  static final String MODEL_NAME = "model_name";
  private static final String OVERRIDE = "override_model_config";
  private static final String NO_MODEL = "default";

  private static final Set<String> ABOUT_LOADING =
      Set.of(KnownKeys.BASE_CONFIG, MODEL_NAME, OVERRIDE);

  private final ConfigFinder finder;
  private final ValueParser parser;
  private final Problems problems;

  ModelSettings(ConfigFinder finder, ValueParser parser, Problems problems) {
    this.finder = finder;
    this.parser = parser;
    this.problems = problems;
  }

  void addTo(Layers layers) {
    Optional<Setting> chosen = layers.winner(MODEL_NAME);
    if (chosen.isEmpty()
        || !(chosen.get().value() instanceof YamlValue.Scalar name)
        || name.isEmpty()
        || name.text().equals(NO_MODEL)) {
      return;
    }
    boolean override = layers.winner(OVERRIDE).map(ModelSettings::isTrue).orElse(false);
    String origin = chosen.get().origin().describe();
    List<Setting> settings =
        finder
            .model(name.text(), origin, problems)
            .map(new YamlReader(problems)::read)
            .orElse(List.of());
    for (Setting setting : settings) {
      if (ABOUT_LOADING.contains(setting.key())) {
        problems.add(
            setting.key(),
            setting.origin(),
            "the key cannot stand in a model's file",
            "Remove the line.");
      } else {
        add(setting, layers, override);
      }
    }
  }

  private void add(Setting setting, Layers layers, boolean override) {
    Setting other = layers.bound(setting.key());
    Parameter parameter = Schema.find(setting.key()).orElse(null);
    if (other == null || parameter == null) {
      layers.addModel(setting, true);
      return;
    }
    boolean differs = !value(parameter, setting).equals(value(parameter, other));
    layers.addModel(setting, !differs);
    if (differs && !override) {
      layers.markContradiction(other, setting);
    }
  }

  /// The typed value; empty when the setting is refused, which is reported where all values are.
  private Optional<Object> value(Parameter parameter, Setting setting) {
    try {
      return Optional.of(parser.parse(parameter, setting));
    } catch (RejectedValue e) {
      return Optional.empty();
    }
  }

  private static boolean isTrue(Setting setting) {
    return setting.value() instanceof YamlValue.Scalar scalar
        && scalar.text().strip().equalsIgnoreCase("true");
  }
}
