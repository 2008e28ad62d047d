package jaxon.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Finds the YAML files that are asked for by name.
///
/// @param workingDirectory where relative names are looked for first
/// @param configsDirectory the `configs` directory of the installation
record ConfigFinder(Path workingDirectory, Path configsDirectory) {

  /// The file meant by `--config=NAME`: an absolute path, or a path from the working directory, or
  /// one from the configs directory; `.yml` may be left out.
  Optional<SourceFile> config(String name, Problems problems) {
    return find(
        name, List.of(workingDirectory, configsDirectory), "--config=" + name, "", problems);
  }

  /// The file meant by `base_config`: a path from the directory of the file that says so, or from
  /// the configs directory.
  Optional<SourceFile> base(String name, SourceFile from, Origin origin, Problems problems) {
    Path directory = from.path().resolveSibling(".").normalize();
    return find(
        name,
        List.of(directory, configsDirectory),
        KnownKeys.BASE_CONFIG,
        origin.describe(),
        problems);
  }

  /// The file `models/NAME.yml` of the configs directory.
  Optional<SourceFile> model(String name, String origin, Problems problems) {
    Path models = configsDirectory.resolve("models");
    Path file = models.resolve(name + ".yml");
    if (name.matches("[A-Za-z0-9][A-Za-z0-9._-]*") && Files.isRegularFile(file)) {
      return Optional.of(SourceFile.of(file, workingDirectory));
    }
    List<String> available = available(models);
    String near =
        NearestName.of(name, available).map(hit -> "Did you mean " + hit + "? ").orElse("");
    problems.add(
        new Problem(
            "model_name",
            origin,
            "there is no model " + ShownText.of(name),
            near + "Available: " + String.join(", ", available) + "."));
    return Optional.empty();
  }

  private Optional<SourceFile> find(
      String name, List<Path> directories, String subject, String origin, Problems problems) {
    List<Path> looked = new ArrayList<>();
    try {
      for (Path directory : directories) {
        for (String suffix : List.of("", ".yml")) {
          Path file = directory.resolve(name + suffix).normalize();
          if (!name.isEmpty() && Files.isRegularFile(file)) {
            return Optional.of(SourceFile.of(file, workingDirectory));
          }
          if (!looked.contains(file)) {
            looked.add(file);
          }
        }
      }
    } catch (InvalidPathException e) {
      looked.clear();
    }
    problems.add(
        new Problem(ShownText.of(subject), origin, "there is no such file", advice(name, looked)));
    return Optional.empty();
  }

  private String advice(String name, List<Path> looked) {
    List<String> available = available(configsDirectory);
    StringBuilder advice = new StringBuilder();
    NearestName.of(name.replaceFirst("\\.ya?ml$", ""), available)
        .ifPresent(near -> advice.append("Did you mean ").append(near).append("?\n"));
    if (!looked.isEmpty()) {
      advice.append("Looked for:\n");
      looked.forEach(path -> advice.append("  ").append(path).append('\n'));
    }
    String names = available.isEmpty() ? "none" : String.join(", ", available);
    return advice + "Available in " + configsDirectory + ": " + names + ".";
  }

  /// The names of the YAML files of a directory without `.yml`, sorted.
  static List<String> available(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(name -> name.endsWith(".yml"))
          .map(name -> name.substring(0, name.length() - ".yml".length()))
          .sorted()
          .toList();
    } catch (IOException e) {
      return List.of();
    }
  }
}
