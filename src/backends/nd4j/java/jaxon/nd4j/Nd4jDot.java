package jaxon.nd4j;

import java.util.List;
import jaxon.graph.Equation;
import jaxon.graph.op.ContractOp.DotGeneral;
import jaxon.graph.type.DType;
import jaxon.graph.type.TensorType;
import jaxon.runtime.CompileException;
import jaxon.runtime.lower.BatchedProduct;
import jaxon.runtime.lower.Fallback;
import jaxon.runtime.lower.Lowering;
import jaxon.runtime.program.View;

/// dot_general as (batched) matrix products of OpenBLAS.
///
/// 16-bit floats are multiplied in float32; integers go to the interpreter.
final class Nd4jDot {
  private Nd4jDot() {}

  static View product(Lowering lowering, Equation equation, DotGeneral dot, List<View> operands) {
    TensorType type = equation.output().type();
    for (View operand : operands) {
      if (operand.elements() > Integer.MAX_VALUE) {
        throw new CompileException(
            Nd4jBackend.NAME,
            equation,
            "OpenBLAS counts in 32 bits; operand " + operand.type() + " has more elements");
      }
    }
    View lhs = operands.get(0);
    View rhs = operands.get(1);
    if (!lhs.dtype().isFloat() || !type.dtype().isFloat()) {
      return Fallback.one(lowering, dot, operands, type);
    }
    boolean isDouble = lhs.dtype() == DType.F64;
    View a = isDouble ? lhs : lowering.widened(lhs);
    View b = isDouble ? rhs : lowering.widened(rhs);
    DType computed = isDouble ? DType.F64 : DType.F32;
    View c = product(lowering, BatchedProduct.of(lowering, dot, a, b), type.withDType(computed));
    return lowering.converted(c, type.dtype());
  }

  private static View product(Lowering lowering, BatchedProduct product, TensorType type) {
    View a = product.a().view();
    View b = product.b().view();
    View c = lowering.fresh(type);
    lowering.emit(
        List.of(a, b),
        c,
        linkage ->
            new MatrixProduct(product, linkage.tensor(a), linkage.tensor(b), linkage.tensor(c)));
    return c;
  }
}
