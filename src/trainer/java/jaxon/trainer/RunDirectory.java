package jaxon.trainer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import jaxon.config.ConfigWriter;
import jaxon.config.Configuration;

/// Where a run writes: `base_output_directory/run_name`, with `config.yml`, `metrics.jsonl` and
/// `tensorboard/`.
record RunDirectory(Path path) {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT);

  /// The directory that `config` names, checked but not made yet.
  ///
  /// @throws TrainingException if the name is not a plain one, or the directory holds an earlier
  ///   run
  static RunDirectory choose(Configuration config) {
    String given = config.run().runName();
    String name = given.isEmpty() ? LocalDateTime.now(ZoneId.systemDefault()).format(TIME) : given;
    if (name.contains("/") || name.contains("\\") || name.equals(".") || name.equals("..")) {
      throw TrainingException.usage(
          "run_name '%s' must be a plain directory name; put the place into base_output_directory"
              .formatted(name));
    }
    RunDirectory directory = new RunDirectory(config.run().baseOutputDirectory().resolve(name));
    directory.requireEmpty();
    return directory;
  }

  /// The directory that the leader has chosen; all processes must ask at the same point.
  static RunDirectory ofLeader(Configuration config, RunDevices devices) {
    String own = devices.isLeader() ? choose(config).path().toString() : "";
    return new RunDirectory(Path.of(devices.leaders("run directory", own)));
  }

  /// Makes the directory and writes the resolved configuration into it.
  ///
  /// @throws TrainingException if another run has taken the directory, or it cannot be made
  void create(Configuration config) {
    try {
      Files.createDirectories(path);
      requireEmpty();
      Files.writeString(
          path.resolve("config.yml"), ConfigWriter.toYaml(config), StandardOpenOption.CREATE_NEW);
    } catch (IOException e) {
      throw TrainingException.failure("cannot write the run directory " + path + ": " + e, e);
    }
  }

  private void requireEmpty() {
    if (!Files.isDirectory(path)) {
      return;
    }
    try (Stream<Path> files = Files.list(path)) {
      List<String> found = files.map(file -> file.getFileName().toString()).sorted().toList();
      if (!found.isEmpty()) {
        throw TrainingException.usage(
            "the run directory %s already holds a run (%s); choose another run_name or remove it"
                .formatted(path, String.join(", ", found)));
      }
    } catch (IOException e) {
      throw TrainingException.failure("cannot read the run directory " + path + ": " + e, e);
    }
  }
}
