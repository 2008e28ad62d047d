package jaxon.trainer;

import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import jaxon.checkpoint.Checkpoint;
import jaxon.checkpoint.CheckpointException;
import jaxon.checkpoint.CheckpointStore;
import jaxon.checkpoint.Pruning;
import jaxon.checkpoint.Retention;

/// One of the places where a run saves: how often, and what stays there.
final class CheckpointTier {
  private static final System.Logger LOG = System.getLogger(CheckpointTier.class.getName());

  private final CheckpointStore store;
  private final int period;
  private final Optional<Pruning> pruning;
  private final Set<String> told = new LinkedHashSet<>();

  /// @param kept which checkpoints stay; empty for all
  CheckpointTier(CheckpointStore store, int period, Optional<Retention> kept) {
    this.store = store;
    this.period = period;
    this.pruning = kept.map(rules -> new Pruning(store, rules));
  }

  CheckpointStore store() {
    return store;
  }

  boolean isDue(long step) {
    return step % period == 0;
  }

  /// Removes what no rule keeps beside a checkpoint that was just written; what cannot be removed
  /// is tried again after the next one.
  void prune(Checkpoint written) {
    pruning.ifPresent(rules -> {
      rules.add(written);
      try {
        Pruning.Plan plan = rules.plan(Instant.now());
        plan.leftAlone().stream()
            .filter(told::add)
            .forEach(reason -> LOG.log(Level.WARNING, "stays, but cannot be read: {0}", reason));
        plan.removed().forEach(store::delete);
      } catch (CheckpointException e) {
        LOG.log(Level.WARNING, "older checkpoints stay: {0}", e.getMessage());
      }
    });
  }
}
