package jaxon.runtime.lower;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jaxon.graph.type.DType;
import jaxon.graph.type.TensorType;
import jaxon.runtime.profile.KernelWork;
import jaxon.runtime.program.Action;
import jaxon.runtime.program.Slot;
import jaxon.runtime.program.View;
import org.junit.jupiter.api.Test;

/// When collectives start and are waited for, by names of actions.
class CollectiveScheduleTest {
  private static final TensorType BLOCK = TensorType.of(DType.F32, 1 << 18);

  private final View input = view();
  private final List<Action> actions = new ArrayList<>();

  private static View view() {
    return View.dense(new Slot(BLOCK.bytes()), BLOCK);
  }

  /// A kernel of `gigaflops` that reads values.
  private View kernel(String name, double gigaflops, View... reads) {
    View result = view();
    KernelWork work = new KernelWork(name, DType.F32, (long) (gigaflops * 1e9), 1);
    actions.add(Action.of(List.of(reads), result, List.of(), _ -> () -> {}).doing(work));
    return result;
  }

  private View gather(String name, View operand) {
    View result = view();
    actions.add(
        Action.of(
            operand,
            result,
            List.of(),
            _ -> {
              throw new IllegalStateException("never linked");
            },
            KernelWork.waiting(name, DType.F32, BLOCK.bytes())));
    return result;
  }

  private List<String> scheduled(CollectiveSchedule schedule) {
    return schedule.actions().stream().map(action -> action.work().name()).toList();
  }

  private CollectiveSchedule straight(View... outputs) {
    return CollectiveSchedule.of(actions, List.of(input.slot()), slots(outputs), Optional.empty());
  }

  private static List<Slot> slots(View... views) {
    return List.of(views).stream().map(View::slot).toList();
  }

  @Test
  void startsNoEarlierThanItTakes() {
    View a = kernel("a", 1, input);
    View b = kernel("b", 1, a);
    View g = gather("g", input);
    View c = kernel("c", 1, b, g);
    assertThat(scheduled(straight(c))).containsExactly("a", "start g", "b", "wait for g", "c");
  }

  @Test
  void isFinishedNoLaterThanItTakes() {
    View a = kernel("a", 1, input);
    View g = gather("g", a);
    View b = kernel("b", 1, a);
    View c = kernel("c", 1, b);
    assertThat(scheduled(straight(c, g))).containsExactly("a", "start g", "b", "wait for g", "c");
  }

  @Test
  void staysWholeWithNothingBeside() {
    View a = kernel("a", 1, input);
    View g = gather("g", a);
    View c = kernel("c", 1, g);
    assertThat(scheduled(straight(c))).containsExactly("a", "g", "c");
  }

  @Test
  void waitsForACollectiveBeforeItSendsItsResult() {
    View a = kernel("a", 1, input);
    View g = gather("g", a);
    View h = gather("h", g);
    View b = kernel("b", 1, a);
    View c = kernel("c", 1, b, h);
    assertThat(scheduled(straight(c))).containsExactly("a", "g", "start h", "b", "wait for h", "c");
  }

  @Test
  void loopsFetchSlicesATurnAheadAndStackATurnLater() {
    View carry = view();
    View slice = view();
    View weight = gather("weight", slice);
    View next = kernel("forward", 1, carry, weight);
    View partial = kernel("gradient", 1, next);
    View gradient = gather("reduce", partial);
    CollectiveSchedule schedule =
        CollectiveSchedule.of(
            actions,
            slots(carry, slice),
            slots(next, gradient),
            Optional.of(new Lowering.LoopForm(0, 1)));
    assertThat(scheduled(schedule))
        .containsExactly(
            "wait for weight", "forward", "wait for reduce", "gradient", "start reduce");
    assertThat(schedule.inputs()).containsExactly(carry.slot(), slice.slot(), weight.slot());
    assertThat(schedule.fetches())
        .singleElement()
        .satisfies(fetch -> assertThat(fetch.scanned()).isEqualTo(1))
        .satisfies(fetch -> assertThat(fetch.input()).isEqualTo(2));
    assertThat(schedule.pinned()).containsExactly(partial.slot());
    assertThat(schedule.late()).hasSize(1);
  }

  /// A carried value is another one in each turn.
  @Test
  void loopsSendCarriesWhenTheyAreThere() {
    View carry = view();
    View whole = gather("g", carry);
    View next = kernel("a", 1, whole);
    CollectiveSchedule schedule =
        CollectiveSchedule.of(
            actions, slots(carry), slots(next), Optional.of(new Lowering.LoopForm(0, 1)));
    assertThat(scheduled(schedule)).containsExactly("g", "a");
    assertThat(schedule.fetches()).isEmpty();
  }
}
