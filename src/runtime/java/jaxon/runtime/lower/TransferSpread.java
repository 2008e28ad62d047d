package jaxon.runtime.lower;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import jaxon.runtime.profile.KernelWork;
import jaxon.runtime.program.Action;
import jaxon.runtime.program.Slot;
import jaxon.runtime.program.View;

/// Cuts each collective of a straight list of actions in two, start and finish, with as much work
/// between them as hides it.
///
/// It starts no earlier and is finished no later than that takes, because all the while its operand
/// and its result take memory. A collective with next to nothing between stays whole.
final class TransferSpread {
  /// Operations that a device does while one byte is sent: 200 GFLOP/s and 2 GB/s.
  private static final double FLOPS_PER_BYTE = 100;

  /// Bytes that a kernel bound by memory moves while one byte is sent: 10 GB/s and 2 GB/s.
  private static final double MOVED_PER_BYTE = 5;

  /// How much more work than its estimated time a collective should have beside it: others may be
  /// late, and the network may be slower.
  private static final double MARGIN = 2;

  /// Less hidden than this (about 30 µs) is not worth waking another thread.
  private static final double LEAST_BYTES = 1 << 16;

  /// Work that hides any collective, for loops and branches, whose work is not known here.
  private static final double PLENTY = 1e18;

  private final List<Action> actions;
  private final List<Slot> pinned;
  private final List<Entry> entries = new ArrayList<>();

  /// @param pinned slots that collectives of the turn before may still read
  TransferSpread(List<Action> actions, List<Slot> pinned) {
    this.actions = actions;
    this.pinned = pinned;
  }

  /// An action with its place: before the action that had this index, in this phase.
  private record Entry(int index, int phase, Action action) {
    /// What reads nothing that is waited for at the same place.
    static final int FREE_START = 0;

    static final int FINISH = 1;
    static final int AS_IT_WAS = 2;
  }

  List<Action> run() {
    for (int i = 0; i < actions.size(); i++) {
      Action action = actions.get(i);
      if (action.transfer().isPresent()) {
        spread(i, action);
      } else {
        entries.add(new Entry(i, Entry.AS_IT_WAS, action));
      }
    }
    entries.sort(Comparator.comparingInt(Entry::index).thenComparingInt(Entry::phase));
    return entries.stream().map(Entry::action).toList();
  }

  private void spread(int index, Action action) {
    View operand = action.reads().getFirst();
    Slot result = action.writes().getFirst().slot();
    double needed = MARGIN * (operand.type().bytes() + result.bytes());
    double hidden = 0;
    int last = index + 1;
    while (last < actions.size() && hidden < needed && !reads(actions.get(last), result)) {
      hidden += hides(actions.get(last));
      last++;
    }
    int first = index;
    while (hidden < needed && mayStartBefore(first - 1, operand.slot(), result)) {
      first--;
      hidden += hides(actions.get(first));
    }
    if (hidden < LEAST_BYTES) {
      entries.add(new Entry(index, Entry.AS_IT_WAS, action));
      return;
    }
    int phase = first < index ? Entry.FREE_START : Entry.AS_IT_WAS;
    entries.add(new Entry(first, phase, action.start()));
    entries.add(
        new Entry(
            last,
            Entry.FINISH,
            action.finish(List.of(View.dense(result, result.type())), List.of(operand))));
  }

  /// True if the operand is there, and the result's place free, before action `index` already.
  private boolean mayStartBefore(int index, Slot operand, Slot result) {
    if (index < 0 || pinned.contains(result)) {
      return false;
    }
    Action action = actions.get(index);
    boolean makesOperand = writes(action, operand) || (action.isFinish() && reads(action, operand));
    return !makesOperand && !isMadeByCollective(operand);
  }

  /// What a collective makes is there when that is finished, which is not decided yet.
  private boolean isMadeByCollective(Slot slot) {
    return actions.stream()
        .anyMatch(action -> action.transfer().isPresent() && writes(action, slot));
  }

  private static boolean reads(Action action, Slot slot) {
    return action.reads().stream().anyMatch(read -> read.slot() == slot);
  }

  private static boolean writes(Action action, Slot slot) {
    return action.writes().stream().anyMatch(write -> write.slot() == slot);
  }

  /// The bytes that can be sent while an action runs.
  private static double hides(Action action) {
    KernelWork work = action.work();
    if (work.waits() || action.begins()) {
      return 0;
    }
    return work.flops() + work.bytes() == 0
        ? PLENTY
        : work.flops() / FLOPS_PER_BYTE + work.bytes() / MOVED_PER_BYTE;
  }
}
