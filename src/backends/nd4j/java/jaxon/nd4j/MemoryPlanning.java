package jaxon.nd4j;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.SortedSet;
import jaxon.graph.Var;
import jaxon.runtime.plan.MemoryPlan;
import jaxon.runtime.plan.Step;

/// Asks the planner where the slots of a program live.
///
/// @param takers outputs, from the first on, that may be put over donated inputs
record MemoryPlanning(List<Slot> inputs, List<Step> steps, List<Slot> outputs, int takers) {
  private static final long BEYOND_ANY_SIZE = 1L << 60;

  /// The plan that lets outputs take over inputs at `donated` positions.
  MemoryPlan plan(SortedSet<Integer> donated) {
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

  private static List<Var> keys(List<Slot> slots) {
    return slots.stream().map(Slot::key).toList();
  }
}
