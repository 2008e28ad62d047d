package jaxon.runtime.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jaxon.graph.Graph;
import jaxon.graph.Var;

/// The last use of each value in a straight list of steps.
///
/// Views are not followed: a value may die here while a view of it lives on.
public final class Liveness {
  private final Map<Var, Integer> lastUse;
  private final Map<Var, Integer> lastRead;
  private final List<List<Var>> dying;

  private Liveness(Map<Var, Integer> lastUse, Map<Var, Integer> lastRead, List<List<Var>> dying) {
    this.lastUse = lastUse;
    this.lastRead = lastRead;
    this.dying = dying;
  }

  /// The liveness of a graph's values over its equations.
  public static Liveness of(Graph graph) {
    return of(graph.inputs(), Step.of(graph), graph.outputs());
  }

  /// The liveness of `inputs` and everything written over `steps`; `outputs` outlive them all.
  public static Liveness of(List<Var> inputs, List<Step> steps, List<Var> outputs) {
    Map<Var, Integer> lastUse = new HashMap<>();
    Map<Var, Integer> lastRead = new HashMap<>();
    List<Var> defined = new ArrayList<>(inputs);
    inputs.forEach(input -> lastUse.put(input, -1));
    for (int i = 0; i < steps.size(); i++) {
      for (Var read : steps.get(i).reads()) {
        lastUse.put(read, i);
        lastRead.put(read, i);
      }
      for (Var held : steps.get(i).holds()) {
        lastUse.put(held, i);
      }
      for (Step.Write write : steps.get(i).writes()) {
        lastUse.put(write.var(), i);
        defined.add(write.var());
      }
    }
    for (Var output : outputs) {
      lastUse.put(output, steps.size());
      lastRead.put(output, steps.size());
    }
    List<List<Var>> dying = new ArrayList<>();
    steps.forEach(_ -> dying.add(new ArrayList<>()));
    for (Var var : defined) {
      int last = lastUse.getOrDefault(var, -1);
      if (last >= 0 && last < steps.size()) {
        dying.get(last).add(var);
      }
    }
    return new Liveness(lastUse, lastRead, dying);
  }

  /// The index of the last step that reads `var`, or of the step that defines it if none does; -1
  /// for an input that nothing reads; the number of steps for an output.
  public int lastUse(Var var) {
    Integer last = lastUse.get(var);
    if (last == null) {
      throw new IllegalArgumentException("value " + var + " is not of this program");
    }
    return last;
  }

  /// The index of the last step that reads `var`, steps that only hold it aside; -1 if none does.
  int lastRead(Var var) {
    return lastRead.getOrDefault(var, -1);
  }

  /// The values whose last use is step `step`, in order of definition.
  public List<Var> dyingAt(int step) {
    return List.copyOf(dying.get(step));
  }
}
