package jaxon.checkpoint;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Checkpoints that a user points at.
///
/// @param store where they are
/// @param steps which of those there, ascending: one, or all
public record CheckpointPath(CheckpointStore store, List<Long> steps) {
  /// What `path` means: a checkpoint, a directory of checkpoints, or a run's directory, which has
  /// one.
  ///
  /// @throws CheckpointException if there is no checkpoint
  public static CheckpointPath of(Path path) {
    Path absolute = path.toAbsolutePath().normalize();
    Path name = absolute.getFileName();
    Path parent = absolute.getParent();
    if (name != null
        && parent != null
        && CheckpointLayout.isStep(name.toString())
        && Files.exists(absolute.resolve(CheckpointLayout.MARKER))) {
      return new CheckpointPath(
          new CheckpointStore(parent), List.of(Long.valueOf(name.toString())));
    }
    Path inRun = absolute.resolve("checkpoints");
    CheckpointStore store = new CheckpointStore(Files.isDirectory(inRun) ? inRun : absolute);
    List<Long> steps = store.steps();
    if (steps.isEmpty()) {
      throw CheckpointException.usage(
          "there is no checkpoint in %s; give a checkpoint, a directory of checkpoints or a run's directory"
              .formatted(path));
    }
    return new CheckpointPath(store, steps);
  }

  /// The newest of the steps.
  public long newest() {
    return steps.getLast();
  }
}
