package jaxon.trainer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import jaxon.checkpoint.CheckpointStore;
import jaxon.config.ConfigWriter;
import jaxon.config.Configuration;
import jaxon.config.Place;

/// Where a run writes: `base_output_directory/run_name`, with `config.yml`, `metrics.jsonl` and
/// `tensorboard/`.
record RunDirectory(Path path) {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT);

  /// The directory that `config` names, checked but not made yet.
  ///
  /// @throws TrainingException if the name is not a plain one, or the directory holds an earlier
  ///   run that cannot go on
  static RunDirectory choose(Configuration config) {
    String given = config.run().runName();
    String name = given.isEmpty() ? LocalDateTime.now(ZoneId.systemDefault()).format(TIME) : given;
    if (name.contains("/") || name.contains("\\") || name.equals(".") || name.equals("..")) {
      throw TrainingException.usage(
          "run_name '%s' must be a plain directory name; put the place into base_output_directory"
              .formatted(name));
    }
    RunDirectory directory = new RunDirectory(config.run().baseOutputDirectory().resolve(name));
    directory.requireUsable(config);
    return directory;
  }

  /// The directory that the leader has chosen; all processes must ask at the same point.
  static RunDirectory ofLeader(Configuration config, RunDevices devices) {
    String own = devices.isLeader() ? choose(config).path().toString() : "";
    return new RunDirectory(Path.of(devices.leaders("run directory", own)));
  }

  /// Makes the directory and keeps others out of it, if the run has checkpoints to lose.
  ///
  /// @return the lock, which the caller closes when the run is over
  /// @throws TrainingException if another run has taken the directory, or it cannot be made
  Optional<RunLock> take(Configuration config) {
    if (config.checkpoint().enableCheckpointing()) {
      requireUsable(config);
      if (!Files.isDirectory(checkpoints())) {
        requireNoneLocal(config);
      }
      CheckpointStore kept = CheckpointTiers.persistentStore(config, this);
      // Before anything of the run is there: a store may not be reached.
      kept.create();
      // From here on a run that is killed can be started again.
      new CheckpointStore(checkpoints()).create();
      RunLock lock = RunLock.take(locked(kept));
      try {
        requireKept(kept);
        return Optional.of(lock);
      } catch (RuntimeException | Error e) {
        lock.close();
        throw e;
      }
    }
    try {
      Files.createDirectories(path);
    } catch (IOException e) {
      throw TrainingException.failure("cannot write the run directory " + path + ": " + e, e);
    }
    requireUsable(config);
    return Optional.empty();
  }

  /// Writes the resolved configuration into the directory; that of a run that goes on is replaced.
  void describe(Configuration config) {
    try {
      write(path.resolve("config.yml"), ConfigWriter.toYaml(config));
    } catch (IOException e) {
      throw TrainingException.failure("cannot write the run directory " + path + ": " + e, e);
    }
  }

  private static String whyNotOn(Configuration config) {
    return config.checkpoint().enableCheckpointing()
        ? " without checkpoints to go on from"
        : ", and enable_checkpointing=false does not go on with one";
  }

  /// The name of the run.
  String name() {
    return Place.of(path).name();
  }

  /// Where the run's checkpoints are, unless `checkpoint_directory` says otherwise; there in any
  /// case, as the mark of a run that can go on.
  Path checkpoints() {
    return path.resolve("checkpoints");
  }

  /// A new run does not go on from local checkpoints of one that was there before.
  private void requireNoneLocal(Configuration config) {
    CheckpointTiers.localStore(config, this)
        .filter(store -> !store.steps().isEmpty())
        .ifPresent(store -> {
          throw TrainingException.usage(
              "the run directory %s is new, but %s holds checkpoints of a run there; remove them, or choose another run_name, or start from them with load_full_state_path"
                  .formatted(path, store.place()));
        });
  }

  /// The directories of this run that only one process may write to.
  private Path[] locked(CheckpointStore kept) {
    return Stream.concat(Stream.of(checkpoints()), kept.place().local().stream())
        .distinct()
        .toArray(Path[]::new);
  }

  /// A run that has newer checkpoints elsewhere than where it is told to go on would do again what
  /// is done. Where they are, if not here, is noted for the next start.
  private void requireKept(CheckpointStore kept) {
    Path note = checkpoints().resolve(".place");
    try {
      Place own = Place.of(checkpoints());
      Place former = Files.exists(note) ? Place.of(Files.readString(note)) : own;
      if (!former.equals(kept.place())) {
        requireNotOlder(CheckpointStore.at(former), kept);
      }
      if (kept.place().equals(own)) {
        Files.deleteIfExists(note);
      } else {
        write(note, "" + kept.place());
      }
    } catch (IOException e) {
      throw TrainingException.failure("cannot write the run directory " + path + ": " + e, e);
    }
  }

  private static void requireNotOlder(CheckpointStore former, CheckpointStore kept) {
    long newest = newest(former);
    long found = newest(kept);
    if (newest > found) {
      throw TrainingException.usage(
          "the run has checkpoints in %s, the newest of step %,d, and %s in %s; copy what it is to go on from there, or set checkpoint_directory as it was, or choose another run_name"
              .formatted(
                  former.place(),
                  newest,
                  found < 0 ? "none" : "none after step %,d".formatted(found),
                  kept.place()));
    }
  }

  /// The newest step there is, -1 if there is none.
  private static long newest(CheckpointStore store) {
    List<Long> steps = store.steps();
    return steps.isEmpty() ? -1 : steps.getLast();
  }

  /// Writes a small file that is there whole or as it was.
  private static void write(Path file, String text) throws IOException {
    Path draft = file.resolveSibling(file.getFileName() + ".tmp");
    Files.writeString(draft, text);
    Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING);
  }

  /// A run with a directory for checkpoints can go on; any other must start in an empty place.
  private void requireUsable(Configuration config) {
    boolean goesOn = config.checkpoint().enableCheckpointing() && Files.isDirectory(checkpoints());
    if (!Files.isDirectory(path) || goesOn) {
      return;
    }
    try (Stream<Path> files = Files.list(path)) {
      List<String> found = files.map(file -> file.getFileName().toString()).sorted().toList();
      if (!found.isEmpty()) {
        throw TrainingException.usage(
            "the run directory %s already holds a run (%s)%s; choose another run_name or remove it"
                .formatted(path, String.join(", ", found), whyNotOn(config)));
      }
    } catch (IOException e) {
      throw TrainingException.failure("cannot read the run directory " + path + ": " + e, e);
    }
  }
}
