package jaxon.runtime.lower;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import jaxon.runtime.program.Action;
import jaxon.runtime.program.Prefetch;
import jaxon.runtime.program.Slot;
import jaxon.runtime.program.Transfer;
import jaxon.runtime.program.View;

/// When the collectives of a straight list of actions start, and when they are waited for.
///
/// Three ways, by what a collective reads and who reads its result. In the body of a loop, one that
/// reads a slice of what the loop scans starts a turn ahead; one whose result the loop stacks ends
/// a turn later, before its operand is written again. All others are spread by [TransferSpread] as
/// far as other work hides them. The order depends on the actions alone, so it is that of every
/// device.
final class CollectiveSchedule {
  private final List<Slot> inputs;
  private final int given;
  private final List<Slot> outputs;
  private final List<Slot> pinned = new ArrayList<>();
  private final List<Prefetch> fetches = new ArrayList<>();
  private final List<Transfer.Link> late = new ArrayList<>();
  private List<Action> actions;

  private CollectiveSchedule(List<Action> actions, List<Slot> inputs, List<Slot> outputs) {
    this.actions = List.copyOf(actions);
    this.inputs = new ArrayList<>(inputs);
    this.given = inputs.size();
    this.outputs = List.copyOf(outputs);
  }

  /// The actions as they are: the program waits in each collective.
  static CollectiveSchedule blocking(List<Action> actions, List<Slot> inputs) {
    return new CollectiveSchedule(actions, inputs, List.of());
  }

  /// The schedule for the actions between `inputs` and `outputs`.
  ///
  /// @param loop present if they are the body of a loop
  static CollectiveSchedule of(
      List<Action> actions,
      List<Slot> inputs,
      List<Slot> outputs,
      Optional<Lowering.LoopForm> loop) {
    CollectiveSchedule schedule = new CollectiveSchedule(actions, inputs, outputs);
    loop.ifPresent(form -> {
      schedule.startAhead(form);
      schedule.finishLate(form);
    });
    schedule.actions = new TransferSpread(schedule.actions, schedule.pinned).run();
    return schedule;
  }

  /// The actions in their order.
  List<Action> actions() {
    return actions;
  }

  /// The inputs, then what the loop provides besides: the results of [#fetches].
  List<Slot> inputs() {
    return Collections.unmodifiableList(inputs);
  }

  /// Slots that must keep what they hold until they are written again.
  List<Slot> pinned() {
    return Collections.unmodifiableList(pinned);
  }

  /// What the loop starts a turn ahead.
  List<Prefetch> fetches() {
    return Collections.unmodifiableList(fetches);
  }

  /// What the loop waits for at its end.
  List<Transfer.Link> late() {
    return Collections.unmodifiableList(late);
  }

  private void startAhead(Lowering.LoopForm form) {
    Inserting edit = new Inserting(actions);
    for (int i = 0; i < actions.size(); i++) {
      Action action = actions.get(i);
      if (action.transfer().isEmpty()) {
        continue;
      }
      View operand = action.reads().getFirst();
      Slot result = action.writes().getFirst().slot();
      int scanned = inputs.indexOf(operand.slot());
      int reader = firstReader(result);
      boolean isSlice = scanned >= form.consts() + form.carries() && scanned < given;
      if (isSlice && reader < actions.size() && !outputs.contains(result)) {
        inputs.add(result);
        Transfer.Link transfer = action.transfer().get();
        long offset = operand.offset() * operand.dtype().bytes();
        fetches.add(new Prefetch(transfer, scanned, offset, inputs.size() - 1, result.bytes()));
        edit.remove(i);
        edit.before(reader, action.finish(List.of(whole(result)), List.of()));
      }
    }
    actions = edit.result();
  }

  private void finishLate(Lowering.LoopForm form) {
    Inserting edit = new Inserting(actions);
    for (int i = 0; i < actions.size(); i++) {
      Action action = actions.get(i);
      if (action.transfer().isEmpty()) {
        continue;
      }
      Slot operand = action.reads().getFirst().slot();
      Slot result = action.writes().getFirst().slot();
      boolean isStacked =
          outputs.indexOf(result) >= form.carries()
              && outputs.indexOf(result) == outputs.lastIndexOf(result)
              && firstReader(result) == actions.size();
      if (isStacked && !outputs.contains(operand) && stays(operand, form)) {
        int writer = first(each -> writes(each, operand));
        if (writer < actions.size() && !pinned.contains(operand)) {
          pinned.add(operand);
        }
        late.add(action.transfer().get());
        edit.remove(i);
        // The end is that of the turn before; in the first turn there is none.
        edit.before(writer < actions.size() ? writer : i, action.finish(List.of(), List.of()));
        edit.before(i, action.start());
      }
    }
    actions = edit.result();
  }

  /// True for what can be left as it is until the next turn writes it.
  private boolean stays(Slot operand, Lowering.LoopForm form) {
    int input = inputs.indexOf(operand);
    boolean changes =
        input >= given || (input >= form.consts() && input < form.consts() + form.carries());
    return input < 0 || !changes;
  }

  private static View whole(Slot slot) {
    return View.dense(slot, slot.type());
  }

  private int firstReader(Slot slot) {
    return first(action -> action.reads().stream().anyMatch(read -> read.slot() == slot));
  }

  private static boolean writes(Action action, Slot slot) {
    return action.writes().stream().anyMatch(write -> write.slot() == slot);
  }

  /// The index of the first action of a kind; the number of actions if there is none.
  private int first(Predicate<Action> kind) {
    return IntStream.range(0, actions.size())
        .filter(i -> kind.test(actions.get(i)))
        .findFirst()
        .orElse(actions.size());
  }

  /// A list of actions with some more and some less.
  private static final class Inserting {
    private final List<Action> actions;
    private final List<List<Action>> before = new ArrayList<>();
    private final boolean[] removed;

    Inserting(List<Action> actions) {
      this.actions = actions;
      this.removed = new boolean[actions.size()];
      actions.forEach(_ -> before.add(new ArrayList<>()));
    }

    void remove(int index) {
      removed[index] = true;
    }

    void before(int index, Action action) {
      before.get(index).add(action);
    }

    List<Action> result() {
      List<Action> all = new ArrayList<>();
      for (int i = 0; i < actions.size(); i++) {
        all.addAll(before.get(i));
        if (!removed[i]) {
          all.add(actions.get(i));
        }
      }
      return all;
    }
  }
}
