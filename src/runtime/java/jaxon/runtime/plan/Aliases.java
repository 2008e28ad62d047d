package jaxon.runtime.plan;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;
import jaxon.graph.Var;

/// Which values share storage because one is a view of the other, and how long that storage lives.
final class Aliases {
  private final Map<Var, AliasGroup> groups = new HashMap<>();
  private final Set<Var> dense = new HashSet<>();
  private final ToLongFunction<Var> bytes;

  private Aliases(ToLongFunction<Var> bytes) {
    this.bytes = bytes;
  }

  static Aliases of(
      List<Var> inputs, List<Step> steps, List<Var> outputs, ToLongFunction<Var> bytes) {
    Aliases aliases = new Aliases(bytes);
    Liveness liveness = Liveness.of(inputs, steps, outputs);
    inputs.forEach(input -> aliases.define(input, liveness));
    for (Step step : steps) {
      step.reads().forEach(aliases::group);
      step.holds().forEach(aliases::group);
      for (Step.Write write : step.writes()) {
        if (write.placement() instanceof Step.Placement.View view) {
          aliases.view(write.var(), step.reads().get(view.read()), view.dense(), liveness);
        } else {
          aliases.define(write.var(), liveness);
        }
      }
    }
    for (int i = 0; i < outputs.size(); i++) {
      AliasGroup group = aliases.group(outputs.get(i));
      if (group.output < 0 && aliases.isWhole(outputs.get(i))) {
        group.output = i;
      }
    }
    return aliases;
  }

  /// The group of `var`, which must have been written or be an input.
  AliasGroup group(Var var) {
    AliasGroup group = groups.get(var);
    if (group == null) {
      throw new IllegalArgumentException("value " + var + " is read before a step writes it");
    }
    return group;
  }

  /// True when `var` is its group's storage whole, in row-major order.
  boolean isWhole(Var var) {
    return dense.contains(var) && bytes.applyAsLong(var) == group(var).bytes;
  }

  private void define(Var var, Liveness liveness) {
    AliasGroup group =
        new AliasGroup(bytes.applyAsLong(var), liveness.lastUse(var), liveness.lastRead(var));
    if (groups.put(var, group) != null) {
      throw new IllegalArgumentException("value " + var + " is written twice");
    }
    dense.add(var);
  }

  private void view(Var var, Var operand, boolean isDense, Liveness liveness) {
    AliasGroup group = group(operand);
    group.lastUse = Math.max(group.lastUse, liveness.lastUse(var));
    group.lastRead = Math.max(group.lastRead, liveness.lastRead(var));
    groups.put(var, group);
    if (isDense && dense.contains(operand)) {
      dense.add(var);
    }
  }
}
