package jaxon.nd4j;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import jaxon.graph.Var;
import jaxon.runtime.plan.MemoryPlan;
import jaxon.runtime.plan.Step;
import jaxon.runtime.plan.Storage;

/// Asks the planner where the slots of a program live, and checks the answer.
///
/// @param takers outputs, from the first on, that may be put over donated inputs
record MemoryPlanning(List<Slot> inputs, List<Step> steps, List<Slot> outputs, int takers) {
  private static final long BEYOND_ANY_SIZE = 1L << 60;

  /// The plan that lets outputs take over inputs at `donated` positions; one in which none does, if
  /// the planner put two outputs into one input, or an output into an input of another size.
  MemoryPlan plan(SortedSet<Integer> donated) {
    MemoryPlan plan = ask(donated);
    return outputsHavePlacesOfTheirOwn(plan) ? plan : ask(new TreeSet<>());
  }

  private MemoryPlan ask(SortedSet<Integer> donated) {
    SequencedSet<Var> apart = new LinkedHashSet<>(keys(outputs.subList(takers, outputs.size())));
    keys(outputs.subList(0, takers)).forEach(apart::remove);
    return MemoryPlan.of(
        keys(inputs),
        steps,
        keys(outputs),
        donated,
        // No input has such a size, so an output apart takes none over.
        key -> key.type().bytes() + (apart.contains(key) ? BEYOND_ANY_SIZE : 0));
  }

  private boolean outputsHavePlacesOfTheirOwn(MemoryPlan plan) {
    Set<Integer> taken = new HashSet<>();
    for (int i = 0; i < outputs.size(); i++) {
      if (!plan.mustCopyOutput(i)
          && plan.storage(outputs.get(i).key()) instanceof Storage.Input(int position)
          && (!taken.add(position) || inputs.get(position).bytes() != outputs.get(i).bytes())) {
        return false;
      }
    }
    return true;
  }

  private static List<Var> keys(List<Slot> slots) {
    return slots.stream().map(Slot::key).toList();
  }
}
