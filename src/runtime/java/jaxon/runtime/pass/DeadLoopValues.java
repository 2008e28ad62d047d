package jaxon.runtime.pass;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.Var;
import jaxon.graph.op.ControlOp;

/// Cuts values out of loops that no live result depends on.
final class DeadLoopValues {
  private DeadLoopValues() {}

  /// Drops ys, carries, consts and xs of a scan.
  static Optional<Equation> scan(ControlOp.Scan op, Equation equation, Set<Var> live) {
    List<Boolean> results =
        new ArrayList<>(equation.outputs().stream().map(live::contains).toList());
    Graph body = EliminateDead.withOutputs(equation.regions().getFirst(), results);
    while (reviveCarries(body, op.consts(), op.carries(), results)) {
      body = EliminateDead.withOutputs(equation.regions().getFirst(), results);
    }
    Set<Var> used = EliminateDead.used(body);
    List<Boolean> operands = new ArrayList<>(body.inputs().stream().map(used::contains).toList());
    for (int i = 0; i < op.carries(); i++) {
      operands.set(op.consts() + i, results.get(i));
    }
    ControlOp.Scan narrowed =
        new ControlOp.Scan(
            op.length(),
            count(operands.subList(0, op.consts())),
            count(results.subList(0, op.carries())),
            op.reverse());
    return EliminateDead.changed(
        equation,
        new Equation(
            narrowed,
            EliminateDead.select(equation.inputs(), operands),
            EliminateDead.select(equation.outputs(), results),
            List.of(EliminateDead.withInputs(body, operands)),
            equation.source()));
  }

  /// Drops carries of a while that neither the condition nor a live carry depends on.
  static Optional<Equation> whileLoop(Equation equation, Set<Var> live) {
    Graph condition = EliminateDead.sweep(equation.regions().get(0));
    Set<Var> tested = EliminateDead.used(condition);
    List<Boolean> carries = new ArrayList<>();
    for (int i = 0; i < equation.outputs().size(); i++) {
      carries.add(
          live.contains(equation.outputs().get(i)) || tested.contains(condition.inputs().get(i)));
    }
    Graph body = EliminateDead.withOutputs(equation.regions().get(1), carries);
    while (reviveCarries(body, 0, carries.size(), carries)) {
      body = EliminateDead.withOutputs(equation.regions().get(1), carries);
    }
    List<Graph> regions =
        List.of(
            EliminateDead.withInputs(condition, carries), EliminateDead.withInputs(body, carries));
    return EliminateDead.changed(
        equation,
        new Equation(
            equation.op(),
            EliminateDead.select(equation.inputs(), carries),
            EliminateDead.select(equation.outputs(), carries),
            regions,
            equation.source()));
  }

  /// Marks as live the carries that `body` still reads; true when there were new ones.
  private static boolean reviveCarries(Graph body, int consts, int carries, List<Boolean> results) {
    Set<Var> used = EliminateDead.used(body);
    boolean revived = false;
    for (int i = 0; i < carries; i++) {
      if (!results.get(i) && used.contains(body.inputs().get(consts + i))) {
        results.set(i, true);
        revived = true;
      }
    }
    return revived;
  }

  private static int count(List<Boolean> flags) {
    return (int) flags.stream().filter(flag -> flag).count();
  }
}
