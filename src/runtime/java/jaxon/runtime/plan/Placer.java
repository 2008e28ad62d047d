package jaxon.runtime.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import jaxon.graph.Var;
import org.jspecify.annotations.Nullable;

/// Walks the steps in order and chooses a storage for each value when it is written.
final class Placer {
  private final Aliases aliases;
  private final SortedSet<Integer> donated;
  private final int takers;
  private final List<List<AliasGroup>> dying = new ArrayList<>();
  private final SortedMap<Integer, Long> deadDonated = new TreeMap<>();
  private final FreeList arena = new FreeList();
  private int now;
  private long live;
  private long peakLive;

  /// @param takers outputs, from the first on, that may be put over donated inputs
  Placer(Aliases aliases, List<Var> inputs, int steps, SortedSet<Integer> donated, int takers) {
    this.aliases = aliases;
    this.donated = donated;
    this.takers = takers;
    for (int i = 0; i < steps; i++) {
      dying.add(new ArrayList<>());
    }
    for (int i = 0; i < inputs.size(); i++) {
      AliasGroup group = aliases.group(inputs.get(i));
      group.storage = new Storage.Input(i);
      if (group.lastUse < 0) {
        release(group);
      } else {
        willDie(group, steps);
      }
    }
  }

  /// Gives a value that some step will write a place that nothing else has.
  void pin(Var var) {
    AliasGroup group = aliases.group(var);
    group.lastUse = dying.size();
    group.storage = take(group.bytes);
  }

  /// Places what the next step writes, then releases what dies there.
  void place(Step step) {
    for (Step.Write write : step.writes()) {
      AliasGroup group = aliases.group(write.var());
      switch (write.placement()) {
        case Step.Placement.View _ -> {}
        case Step.Placement.External _ -> group.storage = new Storage.External();
        case Step.Placement.Fresh _ -> placeNew(group, null);
        case Step.Placement.MayOverwrite over ->
            placeNew(group, group.storage == null ? victim(group, step, over) : null);
      }
    }
    dying.get(now).forEach(this::release);
    now++;
  }

  long arenaBytes() {
    return arena.end();
  }

  long liveBytes() {
    return peakLive;
  }

  private void placeNew(AliasGroup group, @Nullable AliasGroup victim) {
    if (group.storage != null) {
      // Pinned.
      return;
    }
    if (victim != null) {
      victim.overwritten = true;
      group.storage = victim.chosen();
    } else if (group.output >= 0) {
      group.storage = resultStorage(group);
    } else {
      group.storage = take(group.bytes);
    }
    willDie(group, dying.size());
  }

  private void willDie(AliasGroup group, int steps) {
    if (group.lastUse < steps) {
      dying.get(group.lastUse).add(group);
    }
  }

  /// The read that dies here and that `group` may be put over, if any.
  private @Nullable AliasGroup victim(
      AliasGroup group, Step step, Step.Placement.MayOverwrite over) {
    for (int position : over.reads()) {
      Var read = step.reads().get(position);
      AliasGroup candidate = aliases.group(read);
      if (isLastUse(candidate, step)
          && !candidate.overwritten
          && candidate.bytes == group.bytes
          && aliases.isWhole(read)
          && mayHold(candidate.chosen(), group)
          && isReadOnlyAs(read, candidate, step, over)) {
        return candidate;
      }
    }
    return null;
  }

  /// True when only the end of what this step begins comes after it.
  private boolean isLastUse(AliasGroup candidate, Step step) {
    return candidate.lastUse == now || (step.begins() && candidate.lastRead == now);
  }

  private boolean mayHold(Storage storage, AliasGroup group) {
    return switch (storage) {
      case Storage.Arena _ -> group.output < 0;
      case Storage.Input(int position) -> donated.contains(position) && group.output < takers;
      case Storage.Output _, Storage.External _ -> false;
    };
  }

  /// True when the step reads `candidate` as `read` alone, and only at positions that may be
  /// overwritten.
  private boolean isReadOnlyAs(
      Var read, AliasGroup candidate, Step step, Step.Placement.MayOverwrite over) {
    for (int i = 0; i < step.reads().size(); i++) {
      Var other = step.reads().get(i);
      if (aliases.group(other) == candidate && !(other == read && over.reads().contains(i))) {
        return false;
      }
    }
    return true;
  }

  private Storage resultStorage(AliasGroup group) {
    for (Map.Entry<Integer, Long> dead : deadDonated.entrySet()) {
      if (dead.getValue() == group.bytes && group.output < takers) {
        // Removing from the map may change what its entry says.
        int position = dead.getKey();
        deadDonated.remove(position);
        return new Storage.Input(position);
      }
    }
    return new Storage.Output(group.output);
  }

  private Storage take(long bytes) {
    long size = Math.ceilDiv(bytes, MemoryPlan.ALIGNMENT) * MemoryPlan.ALIGNMENT;
    live += size;
    peakLive = Math.max(peakLive, live);
    return new Storage.Arena(size == 0 ? 0 : arena.take(size), size);
  }

  private void release(AliasGroup group) {
    if (group.overwritten) {
      return;
    }
    switch (group.chosen()) {
      case Storage.Arena(long offset, long bytes) -> {
        live -= bytes;
        if (bytes > 0) {
          arena.give(offset, bytes);
        }
      }
      case Storage.Input(int position) -> {
        if (donated.contains(position)) {
          deadDonated.put(position, group.bytes);
        }
      }
      case Storage.Output _, Storage.External _ -> {}
    }
  }
}
