package jaxon.runtime.lower;

import java.util.ArrayList;
import java.util.List;
import jaxon.graph.Equation;
import jaxon.graph.op.ElementwiseOp;
import jaxon.graph.op.Op;
import jaxon.graph.type.Shape;
import jaxon.graph.type.TensorType;
import jaxon.runtime.program.View;

/// What all engines do alike for elementwise ops: dims that all operands repeat are computed once
/// and repeated in the result, and bitcasts are views.
final class ElementwiseLowering {
  private ElementwiseLowering() {}

  static void lower(Lowering lowering, Equation equation) {
    View result =
        apply(lowering, equation.op(), lowering.operands(equation), equation.output().type());
    lowering.define(equation.output(), result);
  }

  static View apply(Lowering lowering, Op op, List<View> operands, TensorType type) {
    if (type.shape().elements() == 0) {
      return lowering.empty(type);
    }
    if (op instanceof ElementwiseOp.BitcastConvert bitcast) {
      return operands.getFirst().bitcast(bitcast.dtype());
    }
    if (operands.getFirst().dtype() == type.dtype() && op instanceof ElementwiseOp.Convert) {
      return operands.getFirst();
    }
    Shape once = once(operands);
    List<View> cut = operands.stream().map(view -> view.cutTo(once)).toList();
    View result = lowering.ops().elementwise(lowering, op, cut, type.withShape(once));
    return once.equals(type.shape()) ? result : result.expandedTo(type.shape());
  }

  /// The operands' shape with dims cut to 1 that all of them repeat.
  private static Shape once(List<View> operands) {
    List<Long> dims = new ArrayList<>();
    for (int i = 0; i < operands.getFirst().shape().rank(); i++) {
      int dim = i;
      boolean repeats = operands.stream().allMatch(view -> view.repeats(dim));
      dims.add(repeats ? 1L : operands.getFirst().dim(dim));
    }
    return Shape.of(dims);
  }
}
