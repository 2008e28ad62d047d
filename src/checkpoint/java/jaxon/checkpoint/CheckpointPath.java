package jaxon.checkpoint;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

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
    return find(path)
        .orElseThrow(() ->
            CheckpointException.usage(
                "there is no checkpoint in %s; give a checkpoint, a directory of checkpoints or a run's directory"
                    .formatted(path)));
  }

  /// The same, empty if there is no checkpoint.
  public static Optional<CheckpointPath> find(Path path) {
    Path absolute = path.toAbsolutePath().normalize();
    Path name = absolute.getFileName();
    Path parent = absolute.getParent();
    if (name != null
        && parent != null
        && isNamed(path)
        && Files.exists(absolute.resolve(CheckpointLayout.MARKER))) {
      List<Long> one = List.of(Long.valueOf(name.toString()));
      return Optional.of(new CheckpointPath(new CheckpointStore(parent), one));
    }
    Path inRun = absolute.resolve("checkpoints");
    CheckpointStore store = new CheckpointStore(Files.isDirectory(inRun) ? inRun : absolute);
    List<Long> steps = store.steps();
    return steps.isEmpty() ? Optional.empty() : Optional.of(new CheckpointPath(store, steps));
  }

  /// Whether a path has the name that a checkpoint has in its directory: its step.
  public static boolean isNamed(Path path) {
    Path name = path.toAbsolutePath().normalize().getFileName();
    return name != null && CheckpointLayout.isStep(name.toString());
  }

  /// The newest of the steps.
  public long newest() {
    return steps.getLast();
  }
}
