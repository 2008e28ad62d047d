package jaxon.runtime.pass;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.Var;

/// Cuts results that nothing uses, and then operands that no branch uses, out of a case.
final class DeadBranchValues {
  private DeadBranchValues() {}

  static Optional<Equation> narrow(Equation equation, Set<Var> live) {
    List<Boolean> results = equation.outputs().stream().map(live::contains).toList();
    List<Graph> branches =
        equation.regions().stream()
            .map(branch -> EliminateDead.withOutputs(branch, results))
            .toList();
    List<Boolean> arguments = usedByAny(branches);
    List<Var> operands = new ArrayList<>(equation.inputs().subList(0, 1));
    operands.addAll(
        EliminateDead.select(equation.inputs().subList(1, equation.inputs().size()), arguments));
    return EliminateDead.changed(
        equation,
        new Equation(
            equation.op(),
            operands,
            EliminateDead.select(equation.outputs(), results),
            branches.stream().map(branch -> EliminateDead.withInputs(branch, arguments)).toList(),
            equation.source()));
  }

  private static List<Boolean> usedByAny(List<Graph> branches) {
    Set<Var> used = new HashSet<>();
    branches.forEach(branch -> used.addAll(EliminateDead.used(branch)));
    List<Boolean> arguments = new ArrayList<>();
    for (int i = 0; i < branches.getFirst().inputs().size(); i++) {
      int position = i;
      arguments.add(
          branches.stream().anyMatch(branch -> used.contains(branch.inputs().get(position))));
    }
    return arguments;
  }
}
