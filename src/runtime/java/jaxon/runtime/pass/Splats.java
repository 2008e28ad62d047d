package jaxon.runtime.pass;

import jaxon.graph.Equation;
import jaxon.graph.Var;
import jaxon.graph.op.ShapeOp;
import jaxon.graph.type.Literal;
import org.jspecify.annotations.Nullable;

/// Recognises values that repeat one known element.
final class Splats {
  private Splats() {}

  /// The repeated element of `var` as a splat of any shape, or null if it is not known.
  ///
  /// Sees through a broadcast, so that rules need not wait for it to be folded.
  static @Nullable Literal element(Var var, RewriteScope scope) {
    Literal constant = scope.constant(var);
    if (constant != null) {
      return constant.isSplat() ? constant : null;
    }
    Equation definition = scope.definition(var);
    return definition != null && definition.op() instanceof ShapeOp.BroadcastInDim
        ? element(definition.inputs().getFirst(), scope)
        : null;
  }

  /// True when every element of `var` is known to be `value`; zeros are told apart by sign.
  static boolean isAll(Var var, double value, RewriteScope scope) {
    Literal element = element(var, scope);
    return element != null
        && Double.doubleToLongBits(element.get(0)) == Double.doubleToLongBits(value);
  }
}
