package jaxon.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// All settings in order of precedence, and which one of each key wins.
///
/// From weak to strong: the chain of YAML files, the model's file, the environment, the command
/// line. A file of the chain loses to the model's file only where it stands below the place that
/// chose the model: it did not know of the model. Whoever chooses the model, and whoever comes
/// later, must agree with the model's file.
final class Layers {

  private final List<List<Setting>> files;
  private final List<Setting> environment;
  private final List<Setting> commandLine;
  private final List<Setting> model = new ArrayList<>();
  private final Map<String, Setting> winners = new LinkedHashMap<>();
  private final Map<Setting, Setting> contradicted = new LinkedHashMap<>();

  Layers(List<List<Setting>> files, List<Setting> environment, List<Setting> commandLine) {
    this.files = List.copyOf(files);
    this.environment = environment;
    this.commandLine = commandLine;
    inOrder().forEach(setting -> winners.put(setting.key(), setting));
  }

  /// Every setting: files, model, environment, command line, each in the order of its source.
  List<Setting> inOrder() {
    List<Setting> all = new ArrayList<>();
    files.forEach(all::addAll);
    all.addAll(model);
    all.addAll(environment);
    all.addAll(commandLine);
    return all;
  }

  /// The setting of a key that counts.
  Optional<Setting> winner(String key) {
    return Optional.ofNullable(winners.get(key));
  }

  boolean wins(Setting setting) {
    return winners.get(setting.key()) == setting;
  }

  /// The strongest setting of a key that the model's file must agree with, if there is one.
  @Nullable Setting bound(String key) {
    List<Setting> bound = new ArrayList<>();
    boolean knowsModel = false;
    for (List<Setting> file : files) {
      knowsModel = knowsModel || file.stream().anyMatch(this::choosesModel);
      if (knowsModel) {
        bound.addAll(file);
      }
    }
    bound.addAll(environment);
    bound.addAll(commandLine);
    return bound.reversed().stream()
        .filter(setting -> setting.key().equals(key))
        .findFirst()
        .orElse(null);
  }

  /// Adds a setting of the model's file.
  void addModel(Setting setting, boolean wins) {
    model.add(setting);
    if (wins) {
      winners.put(setting.key(), setting);
    }
  }

  /// Notes that a setting contradicts one of the model's file.
  void markContradiction(Setting setting, Setting ofModel) {
    contradicted.put(setting, ofModel);
  }

  /// The setting of the model's file that a setting contradicts, if there is one.
  Optional<Setting> contradicted(Setting setting) {
    return Optional.ofNullable(contradicted.get(setting));
  }

  private boolean choosesModel(Setting setting) {
    return setting.key().equals(ModelSettings.MODEL_NAME) && wins(setting);
  }
}
