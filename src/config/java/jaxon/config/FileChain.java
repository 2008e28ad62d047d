package jaxon.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads a YAML file and, before it, the files it builds on by `base_config`.
final class FileChain {

  private final ConfigFinder finder;
  private final Problems problems;

  FileChain(ConfigFinder finder, Problems problems) {
    this.finder = finder;
    this.problems = problems;
  }

  /// The settings of each file, the most basic file first.
  List<List<Setting>> read(SourceFile file) {
    List<List<Setting>> layers = new ArrayList<>();
    List<SourceFile> visited = new ArrayList<>();
    Optional<SourceFile> next = Optional.of(file);
    while (next.isPresent()) {
      SourceFile current = next.get();
      visited.add(current);
      List<Setting> settings = new YamlReader(problems).read(current);
      layers.addFirst(settings);
      next = base(current, settings, visited);
    }
    return layers;
  }

  private Optional<SourceFile> base(
      SourceFile file, List<Setting> settings, List<SourceFile> visited) {
    for (Setting setting : settings) {
      if (setting.key().equals(KnownKeys.BASE_CONFIG)) {
        return base(file, setting, visited);
      }
    }
    return Optional.empty();
  }

  private Optional<SourceFile> base(SourceFile file, Setting setting, List<SourceFile> visited) {
    if (!(setting.value() instanceof YamlValue.Scalar name)) {
      problems.add(setting.key(), setting.origin(), "found no file name", "Write one file name.");
      return Optional.empty();
    }
    if (name.isEmpty()) {
      return Optional.empty();
    }
    Optional<SourceFile> base = finder.base(name.text(), file, setting.origin(), problems);
    if (base.isPresent() && visited.contains(base.get())) {
      List<String> cycle = new ArrayList<>(visited.stream().map(SourceFile::shown).toList());
      cycle.add(base.get().shown());
      problems.add(
          setting.key(),
          setting.origin(),
          "the files build on each other in a circle: " + String.join(" -> ", cycle),
          "Remove one base_config line.");
      return Optional.empty();
    }
    return base;
  }
}
