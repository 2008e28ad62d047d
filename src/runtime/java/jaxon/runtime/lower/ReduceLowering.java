package jaxon.runtime.lower;

import java.util.ArrayList;
import java.util.List;
import jaxon.graph.Equation;
import jaxon.graph.op.ReduceOp;
import jaxon.graph.type.Shape;
import jaxon.graph.type.TensorType;
import jaxon.runtime.kernel.Rows;
import jaxon.runtime.program.View;

/// What all engines do alike for reductions: empty ones, kept dims that repeat, and the order of
/// dims for folds of rows.
public final class ReduceLowering {
  private ReduceLowering() {}

  static void lower(Lowering lowering, Equation equation, ReduceOp.Reduce reduce) {
    View x = lowering.view(equation.inputs().getFirst());
    lowering.define(equation.output(), apply(lowering, reduce, x, equation.output().type()));
  }

  static View apply(Lowering lowering, ReduceOp.Reduce reduce, View x, TensorType type) {
    if (type.shape().elements() == 0) {
      return lowering.empty(type);
    }
    if (reduce.dims().isEmpty()) {
      return x;
    }
    if (x.elements() == 0) {
      return Fallback.one(lowering, reduce, List.of(x), type);
    }
    List<Integer> kept = new ArrayList<>();
    for (int i = 0; i < x.shape().rank(); i++) {
      if (!reduce.dims().contains(i)) {
        kept.add(i);
      }
    }
    View once = x.cutTo(withoutRepeats(x, kept));
    Shape shape = once.shape().without(reduce.dims());
    View result = lowering.ops().reduce(lowering, reduce, once, kept, type.withShape(shape));
    return result.expandedTo(type.shape());
  }

  /// The shape of `x` with kept dims cut to 1 that repeat.
  private static Shape withoutRepeats(View x, List<Integer> kept) {
    Shape shape = x.shape();
    for (int dim : kept) {
      if (x.repeats(dim)) {
        shape = shape.with(dim, 1);
      }
    }
    return shape;
  }

  /// A fold of rows: kept dims first, then the folded ones merged into one.
  public static View rows(
      Lowering lowering,
      View x,
      List<Integer> kept,
      List<Integer> dims,
      TensorType type,
      Rows.Fold fold) {
    List<Integer> order = new ArrayList<>(kept);
    order.addAll(dims);
    View ordered = x.transposed(order);
    Shape shape = type.shape().insert(kept.size(), x.elements() / type.shape().elements());
    View rows = ordered.reshaped(shape).orElseGet(() -> lowering.reshapedCopy(ordered, shape));
    View z = lowering.fresh(type);
    lowering.emit(
        List.of(rows),
        z,
        linkage -> new Rows(linkage.tensor(rows), linkage.tensor(z), linkage.workers(), fold));
    return z;
  }
}
