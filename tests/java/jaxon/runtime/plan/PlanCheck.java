package jaxon.runtime.plan;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.Var;

/// Replays a plan on a graph as a machine would: each byte range remembers the value written to it
/// last, and each read must find its own value there.
///
/// It knows nothing of lifetimes, so it cannot share a mistake with the planner.
final class PlanCheck {
  /// A byte range of one memory: the arena, an input's buffer, an output's.
  private record Range(Object memory, long offset, long bytes) {
    boolean overlaps(Range other) {
      return memory.equals(other.memory)
          && offset < other.offset + other.bytes
          && other.offset < offset + bytes;
    }
  }

  private final MemoryPlan plan;
  private final SortedSet<Integer> donated;
  private final Map<Var, Range> held = new HashMap<>();
  private final Map<Var, Var> viewed = new HashMap<>();

  private PlanCheck(MemoryPlan plan, SortedSet<Integer> donated) {
    this.plan = plan;
    this.donated = donated;
  }

  /// Fails when a value is read, or given as an output, after something else was written over it.
  static void check(Graph graph, MemoryPlan plan, SortedSet<Integer> donated) {
    PlanCheck check = new PlanCheck(plan, donated);
    for (int i = 0; i < graph.inputs().size(); i++) {
      Var input = graph.inputs().get(i);
      check.held.put(input, new Range("input " + i, 0, input.type().bytes()));
    }
    graph.equations().forEach(check::run);
    graph.outputs().forEach(output -> check.requireHeld(output, "the program's result"));
  }

  private void run(Equation equation) {
    String where = equation.op().opName();
    equation.inputs().forEach(input -> requireHeld(input, where));
    List<Step.Write> writes = Step.of(equation).writes();
    Set<Var> own = new HashSet<>(equation.outputs());
    for (Step.Write write : writes) {
      if (write.placement() instanceof Step.Placement.View(int read, boolean _)) {
        viewed.put(write.var(), root(equation.inputs().get(read)));
      } else if (!(write.placement() instanceof Step.Placement.External)) {
        Range range = range(write.var());
        for (Map.Entry<Var, Range> other : List.copyOf(held.entrySet())) {
          if (other.getValue().overlaps(range)) {
            require(!own.contains(other.getKey()), where + " writes two results to one place");
            requireMayOverwrite(equation, write, other.getKey());
            held.remove(other.getKey());
          }
        }
        held.put(write.var(), range);
      } else {
        held.put(write.var(), new Range(write.var(), 0, 0));
      }
    }
  }

  /// An operand may be overwritten only where the step said so.
  private void requireMayOverwrite(Equation equation, Step.Write write, Var victim) {
    for (int i = 0; i < equation.inputs().size(); i++) {
      if (root(equation.inputs().get(i)).equals(victim)) {
        require(
            write.placement() instanceof Step.Placement.MayOverwrite(List<Integer> reads)
                && reads.contains(i),
            equation.op().opName() + " overwrites operand " + i);
      }
    }
  }

  private Range range(Var var) {
    return switch (plan.storage(var)) {
      case Storage.Arena(long offset, long bytes) -> {
        require(offset % MemoryPlan.ALIGNMENT == 0, "offset " + offset + " is not aligned");
        require(offset + bytes <= plan.arenaBytes(), "a value lies beyond the arena");
        require(bytes >= var.type().bytes(), "a value is larger than its place");
        yield new Range("arena", offset, var.type().bytes());
      }
      case Storage.Input(int position) -> {
        require(donated.contains(position), "input " + position + " is overwritten");
        yield new Range("input " + position, 0, var.type().bytes());
      }
      case Storage.Output(int position) -> new Range("output " + position, 0, var.type().bytes());
      case Storage.External() -> throw new AssertionError("a result is external");
    };
  }

  private Var root(Var var) {
    return viewed.getOrDefault(var, var);
  }

  private void requireHeld(Var var, String where) {
    require(held.containsKey(root(var)), where + " reads " + var + ", which was overwritten");
  }

  private static void require(boolean condition, String problem) {
    if (!condition) {
      throw new AssertionError(problem);
    }
  }
}
