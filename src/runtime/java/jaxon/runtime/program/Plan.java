package jaxon.runtime.program;

import java.util.List;
import jaxon.graph.type.FunctionType;
import jaxon.graph.type.Literal;
import jaxon.runtime.plan.MemoryPlan;
import jaxon.runtime.plan.Storage;

/// A lowered graph: actions in order and where every slot will live.
///
/// @param inputs one slot per graph input, then one for each of `fetches`
/// @param outputs one slot per graph output, each whole and in row-major order
/// @param constants values of slots that no action writes
/// @param fetches collectives that the loop around this body starts one turn ahead
/// @param late collectives that may be under way when a turn of the loop has ended
public record Plan(
    String name,
    FunctionType type,
    List<Slot> inputs,
    List<Action> actions,
    List<Slot> outputs,
    List<Constant> constants,
    List<Prefetch> fetches,
    List<Transfer.Link> late,
    MemoryPlan memory) {
  public Plan {
    inputs = List.copyOf(inputs);
    actions = List.copyOf(actions);
    outputs = List.copyOf(outputs);
    constants = List.copyOf(constants);
    fetches = List.copyOf(fetches);
    late = List.copyOf(late);
  }

  /// True when output `index` needs memory of its own: it is not left in a donated input.
  public boolean needsPlace(int index) {
    return memory.mustCopyOutput(index)
        || memory.storage(outputs.get(index).key()) instanceof Storage.Output;
  }

  /// True when running writes to the memory of input `position`, which must be donated then.
  boolean writesInput(int position) {
    for (Action action : actions) {
      for (Action.Write write : action.writes()) {
        if (memory.storage(write.slot().key()) instanceof Storage.Input(int taken)
            && taken == position) {
          return true;
        }
      }
    }
    return false;
  }

  /// True when output `index` is left in the memory of input `position`.
  boolean leavesIn(int index, int position) {
    return !needsPlace(index)
        && memory.storage(outputs.get(index).key()) instanceof Storage.Input(int taken)
        && taken == position;
  }

  /// A slot that holds a value known at compile time.
  public record Constant(Slot slot, Literal value) {}
}
