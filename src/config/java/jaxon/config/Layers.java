package jaxon.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

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

  /// The settings, by key, that the model's file must not contradict.
  SequencedMap<String, Setting> bound() {
    int chosen = 0;
    for (int layer = 0; layer < files.size(); layer++) {
      if (files.get(layer).stream().anyMatch(this::choosesModel)) {
        chosen = layer;
      }
    }
    boolean chosenInFile = files.stream().flatMap(List::stream).anyMatch(this::choosesModel);
    SequencedMap<String, Setting> bound = new LinkedHashMap<>();
    if (chosenInFile) {
      files.subList(chosen, files.size()).stream()
          .flatMap(List::stream)
          .forEach(setting -> bound.put(setting.key(), setting));
    }
    environment.forEach(setting -> bound.put(setting.key(), setting));
    commandLine.forEach(setting -> bound.put(setting.key(), setting));
    return bound;
  }

  /// Adds a setting of the model's file.
  void addModel(Setting setting, boolean wins) {
    model.add(setting);
    if (wins) {
      winners.put(setting.key(), setting);
    }
  }

  private boolean choosesModel(Setting setting) {
    return setting.key().equals("model_name") && wins(setting);
  }
}
