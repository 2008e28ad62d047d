package jaxon.runtime.program;

import java.util.List;
import jaxon.graph.type.FunctionType;
import jaxon.graph.type.Literal;
import jaxon.runtime.plan.MemoryPlan;
import jaxon.runtime.plan.Storage;

/// A lowered graph: actions in order and where every slot will live.
///
/// @param inputs one slot per graph input
/// @param outputs one slot per graph output, each whole and in row-major order
/// @param constants values of slots that no action writes
public record Plan(
    String name,
    FunctionType type,
    List<Slot> inputs,
    List<Action> actions,
    List<Slot> outputs,
    List<Constant> constants,
    MemoryPlan memory) {
  public Plan {
    inputs = List.copyOf(inputs);
    actions = List.copyOf(actions);
    outputs = List.copyOf(outputs);
    constants = List.copyOf(constants);
  }

  /// True when output `index` needs memory of its own: it is not left in a donated input.
  public boolean needsPlace(int index) {
    return memory.mustCopyOutput(index)
        || memory.storage(outputs.get(index).key()) instanceof Storage.Output;
  }

  /// A slot that holds a value known at compile time.
  public record Constant(Slot slot, Literal value) {}
}
