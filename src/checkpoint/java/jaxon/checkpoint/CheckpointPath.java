package jaxon.checkpoint;

import java.util.List;
import java.util.Optional;
import jaxon.config.Place;

/// Checkpoints that a user points at.
///
/// @param store where they are
/// @param steps which of those there, ascending: one, or all
public record CheckpointPath(CheckpointStore store, List<Long> steps) {
  private static final String IN_RUN = "checkpoints";

  /// What `place` means: a checkpoint, a directory of checkpoints, or a run's directory, which has
  /// one.
  ///
  /// @throws CheckpointException if there is no checkpoint
  public static CheckpointPath of(Place place) {
    return find(place)
        .orElseThrow(() ->
            CheckpointException.usage(
                "there is no checkpoint in %s; give a checkpoint, a directory of checkpoints or a run's directory"
                    .formatted(place)));
  }

  /// The same, empty if there is no checkpoint.
  public static Optional<CheckpointPath> find(Place place) {
    Place absolute =
        place.local().map(path -> Place.of(path.toAbsolutePath().normalize())).orElse(place);
    if (isNamed(absolute) && absolute.parent().isPresent()) {
      CheckpointStore store = CheckpointStore.at(absolute.parent().get());
      long step = Long.parseLong(absolute.name());
      if (store.has(step)) {
        return Optional.of(new CheckpointPath(store, List.of(step)));
      }
    }
    CheckpointStore inRun = CheckpointStore.at(absolute.resolve(IN_RUN));
    CheckpointStore store = inRun.isThere() ? inRun : CheckpointStore.at(absolute);
    List<Long> steps = store.steps();
    return steps.isEmpty() ? Optional.empty() : Optional.of(new CheckpointPath(store, steps));
  }

  /// Whether a place has the name that a checkpoint has in its directory: its step.
  public static boolean isNamed(Place place) {
    return CheckpointLayout.isStep(place.name());
  }

  /// The newest of the steps.
  public long newest() {
    return steps.getLast();
  }
}
