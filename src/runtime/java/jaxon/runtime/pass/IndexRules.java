package jaxon.runtime.pass;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import jaxon.graph.Equation;
import jaxon.graph.Var;
import jaxon.graph.op.IndexOp;
import jaxon.graph.op.ShapeOp;
import jaxon.graph.type.Literal;
import jaxon.graph.type.Shape;

/// Identities of the ops whose positions are data.
final class IndexRules {
  private IndexRules() {}

  /// `dynamic_slice(x, …) -> x` when the window is all of x: the starts are clamped to 0.
  static Optional<List<Var>> dropDynamicSlice(Equation equation, RewriteScope scope) {
    return equation.op() instanceof IndexOp.DynamicSlice
            && equation.inputs().getFirst().type().equals(equation.output().type())
        ? Optional.of(equation.inputs().subList(0, 1))
        : Optional.empty();
  }

  /// `dynamic_update_slice(x, u, …) -> u` when u is as large as x: the starts are clamped to 0.
  static Optional<List<Var>> dropDynamicUpdateSlice(Equation equation, RewriteScope scope) {
    return equation.op() instanceof IndexOp.DynamicUpdateSlice
            && equation.inputs().get(1).type().equals(equation.output().type())
        ? Optional.of(equation.inputs().subList(1, 2))
        : Optional.empty();
  }

  /// `dynamic_slice(x, constants…) -> slice(x)` from the clamped starts.
  static Optional<List<Var>> makeSliceStatic(Equation equation, RewriteScope scope) {
    if (!(equation.op() instanceof IndexOp.DynamicSlice(List<Long> sizes))) {
      return Optional.empty();
    }
    Var operand = equation.inputs().getFirst();
    Shape shape = operand.type().shape();
    List<Long> starts = new ArrayList<>();
    List<Long> limits = new ArrayList<>();
    for (int dim = 0; dim < sizes.size(); dim++) {
      Literal start = scope.constant(equation.inputs().get(1 + dim));
      if (start == null) {
        return Optional.empty();
      }
      long last = shape.dim(dim) - sizes.get(dim);
      long clamped = Math.clamp(start.getLong(0), 0, last);
      starts.add(clamped);
      limits.add(clamped + sizes.get(dim));
    }
    List<Long> strides = Collections.nCopies(sizes.size(), 1L);
    ShapeOp.Slice slice = new ShapeOp.Slice(starts, limits, strides);
    return Optional.of(List.of(scope.emit(slice, List.of(operand), equation.source())));
  }
}
