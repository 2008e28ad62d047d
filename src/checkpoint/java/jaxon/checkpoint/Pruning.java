package jaxon.checkpoint;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/// Finds the checkpoints of a store that no rule keeps.
///
/// Each manifest is read once. Not for several threads.
public final class Pruning {
  /// What can go.
  ///
  /// @param removed steps, ascending
  /// @param leftAlone why the manifests of others could not be read, one line each: they neither go
  ///   nor count
  public record Plan(List<Long> removed, List<String> leftAlone) {}

  private final CheckpointStore store;
  private final Retention rules;
  private final TreeMap<Long, Checkpoint.Facts> known = new TreeMap<>();

  public Pruning(CheckpointStore store, Retention rules) {
    this.store = store;
    this.rules = rules;
  }

  /// A checkpoint that was just written, which need not be read.
  public void add(Checkpoint checkpoint) {
    known.put(checkpoint.step(), checkpoint.facts());
  }

  /// What can go now; it is the caller's to remove.
  public Plan plan(Instant now) {
    List<Long> steps = store.steps();
    known.keySet().retainAll(steps);
    List<String> leftAlone = new ArrayList<>();
    for (long step : steps) {
      if (!known.containsKey(step)) {
        try {
          add(store.read(step));
        } catch (CheckpointException e) {
          leftAlone.add(String.valueOf(e.getMessage()));
        }
      }
    }
    return new Plan(rules.remove(known, now), leftAlone);
  }
}
