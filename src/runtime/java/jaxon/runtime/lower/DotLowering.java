package jaxon.runtime.lower;

import jaxon.graph.Equation;
import jaxon.graph.op.ContractOp.DotGeneral;
import jaxon.graph.type.TensorType;
import jaxon.runtime.program.View;

/// What all engines do alike for dot_general: products of nothing.
final class DotLowering {
  private DotLowering() {}

  static void lower(Lowering lowering, Equation equation, DotGeneral dot) {
    lowering.define(equation.output(), apply(lowering, equation, dot));
  }

  private static View apply(Lowering lowering, Equation equation, DotGeneral dot) {
    TensorType type = equation.output().type();
    if (type.shape().elements() == 0) {
      return lowering.empty(type);
    }
    if (lowering.view(equation.inputs().getFirst()).elements() == 0) {
      return lowering.constant(type.dtype(), 0, type.shape());
    }
    return lowering.ops().dot(lowering, equation, dot, lowering.operands(equation));
  }
}
