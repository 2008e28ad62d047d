package jaxon.runtime.pass;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.Var;
import jaxon.graph.op.ControlOp;

/// `scan` with a carry that the body passes on unchanged `-> scan` with that carry as a const; the
/// carry's result is its initial value.
///
/// For `while`, which has no consts, only the result is replaced.
public final class DemoteInvariants implements Pass {
  @Override
  public Graph run(Graph graph) {
    return GraphRewriter.rewrite(graph, DemoteInvariants::demote);
  }

  private static Optional<List<Var>> demote(Equation equation, RewriteScope scope) {
    if (equation.op() instanceof ControlOp.Scan scan) {
      return demoteInScan(scan, equation, scope);
    }
    return equation.op() instanceof ControlOp.While
        ? forwardResults(equation, scope)
        : Optional.empty();
  }

  private static Optional<List<Var>> demoteInScan(
      ControlOp.Scan scan, Equation equation, RewriteScope scope) {
    Graph body = equation.regions().getFirst();
    List<Boolean> varies = new ArrayList<>();
    for (int i = 0; i < scan.carries(); i++) {
      varies.add(!body.outputs().get(i).equals(body.inputs().get(scan.consts() + i)));
    }
    if (!varies.contains(false)) {
      return Optional.empty();
    }
    int carries = (int) varies.stream().filter(flag -> flag).count();
    int consts = scan.consts() + scan.carries() - carries;
    List<Var> bodyOutputs = varying(body.outputs(), varies);
    Graph narrowed =
        new Graph(
            body.name(),
            invariantFirst(body.inputs(), scan.consts(), varies),
            body.equations(),
            bodyOutputs);
    List<Var> results =
        scope.emit(
            new ControlOp.Scan(scan.length(), consts, carries, scan.reverse()),
            invariantFirst(equation.inputs(), scan.consts(), varies),
            List.of(narrowed),
            equation.source());
    return Optional.of(weave(results, equation.inputs(), scan.consts(), varies));
  }

  /// `(consts, carries, xs)` reordered to `(consts, invariant carries, other carries, xs)`.
  private static List<Var> invariantFirst(List<Var> vars, int consts, List<Boolean> varies) {
    int end = consts + varies.size();
    List<Var> carries = vars.subList(consts, end);
    List<Var> ordered = new ArrayList<>(vars.subList(0, consts));
    ordered.addAll(EliminateDead.select(carries, varies.stream().map(flag -> !flag).toList()));
    ordered.addAll(EliminateDead.select(carries, varies));
    ordered.addAll(vars.subList(end, vars.size()));
    return ordered;
  }

  private static List<Var> varying(List<Var> outputs, List<Boolean> varies) {
    List<Var> kept =
        new ArrayList<>(EliminateDead.select(outputs.subList(0, varies.size()), varies));
    kept.addAll(outputs.subList(varies.size(), outputs.size()));
    return kept;
  }

  /// The results in the old order: the operand for each invariant carry.
  private static List<Var> weave(
      List<Var> results, List<Var> operands, int consts, List<Boolean> varies) {
    List<Var> woven = new ArrayList<>();
    int next = 0;
    for (int i = 0; i < varies.size(); i++) {
      woven.add(varies.get(i) ? results.get(next++) : operands.get(consts + i));
    }
    woven.addAll(results.subList(next, results.size()));
    return woven;
  }

  private static Optional<List<Var>> forwardResults(Equation equation, RewriteScope scope) {
    Graph body = equation.regions().get(1);
    List<Var> results = new ArrayList<>(equation.outputs());
    for (int i = 0; i < results.size(); i++) {
      if (body.outputs().get(i).equals(body.inputs().get(i))) {
        results.set(i, equation.inputs().get(i));
      }
    }
    if (results.equals(equation.outputs())) {
      return Optional.empty();
    }
    scope.append(equation);
    return Optional.of(results);
  }
}
