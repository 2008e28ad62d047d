package jaxon.runtime.pass;

import java.util.List;
import java.util.Optional;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.Var;
import jaxon.graph.op.ControlOp;
import jaxon.graph.op.ReduceOp;
import jaxon.graph.type.Literal;

/// Identities of reductions and branches.
final class ControlRules {
  private ControlRules() {}

  /// `reduce<kind, dims = []>(x) -> x`: folding one element with the neutral element gives it back,
  /// but for sums of floats, where an engine that starts from +0 turns -0 into +0.
  static Optional<List<Var>> dropReduce(Equation equation, RewriteScope scope) {
    return equation.op() instanceof ReduceOp.Reduce(ReduceOp.Kind kind, List<Integer> dims)
            && dims.isEmpty()
            && !(kind == ReduceOp.Kind.SUM && equation.output().type().dtype().isFloat())
        ? Optional.of(equation.inputs())
        : Optional.empty();
  }

  /// `case(constant, x…) {…, f, …} -> f(x…)`, also when there is one branch only; an index out of
  /// range means the last branch.
  static Optional<List<Var>> chooseBranch(Equation equation, RewriteScope scope) {
    if (!(equation.op() instanceof ControlOp.Case)) {
      return Optional.empty();
    }
    List<Graph> branches = equation.regions();
    Literal index = scope.constant(equation.inputs().getFirst());
    if (index == null && branches.size() > 1) {
      return Optional.empty();
    }
    long asked = index == null ? 0 : index.getLong(0);
    boolean inRange = asked >= 0 && asked < branches.size();
    Graph branch = inRange ? branches.get((int) asked) : branches.getLast();
    List<Var> arguments = equation.inputs().subList(1, equation.inputs().size());
    return Optional.of(scope.inline(branch, arguments));
  }
}
