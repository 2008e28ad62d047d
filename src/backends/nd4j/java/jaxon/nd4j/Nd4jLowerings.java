package jaxon.nd4j;

import java.util.List;
import jaxon.graph.Equation;
import jaxon.graph.op.ContractOp.DotGeneral;
import jaxon.graph.op.ControlOp;
import jaxon.graph.op.Op;
import jaxon.graph.op.ReduceOp;
import jaxon.graph.type.TensorType;
import jaxon.runtime.lower.Lowering;
import jaxon.runtime.lower.OpLowerings;
import jaxon.runtime.program.View;

/// The ops that ND4J and OpenBLAS compute.
final class Nd4jLowerings implements OpLowerings {
  @Override
  public View elementwise(Lowering lowering, Op op, List<View> operands, TensorType type) {
    return Nd4jElementwise.compute(lowering, op, operands, type);
  }

  @Override
  public View reduce(
      Lowering lowering, ReduceOp.Reduce reduce, View x, List<Integer> kept, TensorType type) {
    return Nd4jReduce.fold(lowering, reduce, x, kept, type);
  }

  @Override
  public View dot(Lowering lowering, Equation equation, DotGeneral dot, List<View> operands) {
    return Nd4jDot.product(lowering, equation, dot, operands);
  }

  /// It has kernels for no composite of its own.
  @Override
  public boolean composite(Lowering lowering, Equation equation, ControlOp.Composite composite) {
    return false;
  }
}
