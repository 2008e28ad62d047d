package jaxon.trainer;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import jaxon.checkpoint.CheckpointStore;
import jaxon.checkpoint.Retention;
import jaxon.config.CheckpointConfig;
import jaxon.config.Configuration;
import jaxon.digest.Sha256;

/// The places where a run saves: the one where checkpoints are kept, and one on a faster disk for
/// checkpoints between, if it is to have that.
///
/// @param persistent in `checkpoint_directory` or in the run's directory
/// @param local on the faster disk
record CheckpointTiers(CheckpointTier persistent, Optional<CheckpointTier> local) {
  private static final int NAME_DIGITS = 8;

  static CheckpointTiers of(Configuration config, RunDirectory directory) {
    CheckpointConfig keys = config.checkpoint();
    Retention newest = new Retention(1, 0, Optional.empty(), Optional.empty());
    return new CheckpointTiers(
        new CheckpointTier(
            persistentStore(config, directory), keys.checkpointPeriod(), retention(keys)),
        localStore(config, directory)
            .map(store ->
                new CheckpointTier(store, keys.localCheckpointPeriod(), Optional.of(newest))));
  }

  /// The run's place in `checkpoint_directory`; in its own directory if there is none.
  static CheckpointStore persistentStore(Configuration config, RunDirectory directory) {
    return config
        .checkpoint()
        .checkpointDirectory()
        .map(place -> CheckpointStore.at(place.resolve(directory.name())))
        .orElseGet(() -> new CheckpointStore(directory.checkpoints()));
  }

  /// What `max_num_checkpoints_to_keep` and the keys beside it keep; empty for all.
  private static Optional<Retention> retention(CheckpointConfig keys) {
    if (keys.maxNumCheckpointsToKeep() < 0) {
      return Optional.empty();
    }
    return Optional.of(
        new Retention(
            keys.maxNumCheckpointsToKeep(),
            keys.keepCheckpointsEvery(),
            Optional.of(keys.keepCheckpointsBest())
                .filter(count -> count > 0)
                .map(count -> new Retention.Best(keys.keepCheckpointsMetric(), count)),
            Optional.of(keys.keepCheckpointsHours())
                .filter(hours -> hours > 0)
                .map(Duration::ofHours)));
  }

  /// The run's place in `local_checkpoint_directory`: named so that runs of the same name in other
  /// directories have others.
  static Optional<CheckpointStore> localStore(Configuration config, RunDirectory directory) {
    CheckpointConfig keys = config.checkpoint();
    if (!keys.enableEmergencyCheckpoint()) {
      return Optional.empty();
    }
    Path run = directory.path().toAbsolutePath().normalize();
    String place = Sha256.hex(run.toString()).substring(0, NAME_DIGITS);
    return keys.localCheckpointDirectory()
        .map(local -> new CheckpointStore(local.resolve(run.getFileName() + "-" + place)));
  }

  /// Both, the persistent one first.
  List<CheckpointTier> all() {
    return local.map(tier -> List.of(persistent, tier)).orElse(List.of(persistent));
  }

  /// Where to save after `step` updates: the one in the run's directory serves for both.
  Optional<CheckpointTier> due(long step) {
    if (persistent.isDue(step)) {
      return Optional.of(persistent);
    }
    return local.filter(tier -> tier.isDue(step));
  }
}
