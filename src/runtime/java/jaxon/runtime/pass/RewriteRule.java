package jaxon.runtime.pass;

import java.util.List;
import java.util.Optional;
import jaxon.graph.Equation;
import jaxon.graph.Var;

/// Replaces an equation by values of the graph under construction.
@FunctionalInterface
public interface RewriteRule {
  /// Values that stand for the equation's outputs, or empty to keep the equation.
  ///
  /// The equation's operands are already values of the new graph and its regions are already
  /// rewritten; `scope` defines its operands and takes new equations.
  Optional<List<Var>> apply(Equation equation, RewriteScope scope);
}
