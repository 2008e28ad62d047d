package jaxon.nd4j;

import java.util.ArrayList;
import java.util.List;
import jaxon.graph.Equation;
import jaxon.graph.op.ContractOp.DotGeneral;
import jaxon.graph.type.DType;
import jaxon.graph.type.Shape;
import jaxon.graph.type.TensorType;
import jaxon.runtime.CompileException;

/// dot_general as (batched) matrix products of OpenBLAS.
///
/// Operands are read where they are if their free dims and their contracting dims each walk memory
/// with one stride, one of which is 1; otherwise they are copied once into that form. 16-bit floats
/// are multiplied in float32; integers go to the interpreter.
final class DotLowering {
  private DotLowering() {}

  static void lower(Lowering lowering, Equation equation, DotGeneral dot) {
    TensorType type = equation.output().type();
    List<View> operands = lowering.operands(equation);
    for (View operand : operands) {
      if (operand.elements() > Integer.MAX_VALUE) {
        throw new CompileException(
            Nd4jBackend.NAME,
            equation,
            "OpenBLAS counts in 32 bits; operand " + operand.type() + " has more elements");
      }
    }
    lowering.define(equation.output(), apply(lowering, dot, operands, type));
  }

  private static View apply(
      Lowering lowering, DotGeneral dot, List<View> operands, TensorType type) {
    if (type.shape().elements() == 0) {
      return lowering.empty(type);
    }
    View lhs = operands.get(0);
    View rhs = operands.get(1);
    if (!lhs.dtype().isFloat() || !type.dtype().isFloat()) {
      return Fallback.one(lowering, dot, operands, type);
    }
    if (lhs.elements() == 0) {
      return lowering.constant(type.dtype(), 0, type.shape());
    }
    boolean isDouble = lhs.dtype() == DType.F64;
    View a = isDouble ? lhs : lowering.widened(lhs);
    View b = isDouble ? rhs : lowering.widened(rhs);
    DType computed = isDouble ? DType.F64 : DType.F32;
    View product = product(lowering, dot, a, b, type.withDType(computed));
    return ElementwiseLowering.convert(lowering, product, type.dtype());
  }

  private static View product(
      Lowering lowering, DotGeneral dot, View lhs, View rhs, TensorType type) {
    List<Integer> contracting = byStride(lhs, dot.lhsContract());
    MatrixOperand a =
        MatrixOperand.of(lhs, dot.lhsBatch(), pick(dot.lhsContract(), contracting), true, lowering);
    MatrixOperand b =
        MatrixOperand.of(
            rhs, dot.rhsBatch(), pick(dot.rhsContract(), contracting), false, lowering);
    View c = lowering.fresh(type);
    Shape batch = batchShape(lhs, dot.lhsBatch());
    lowering.emit(
        List.of(a.view(), b.view()),
        c,
        linkage ->
            new MatrixProduct(
                batch,
                a,
                b,
                linkage.tensor(a.view()),
                linkage.tensor(b.view()),
                linkage.tensor(c)));
    return c;
  }

  /// Positions of the contracting dims from the largest lhs stride to the smallest, so that dims
  /// that follow each other in memory can be merged.
  private static List<Integer> byStride(View lhs, List<Integer> contract) {
    List<Integer> positions = new ArrayList<>();
    for (int i = 0; i < contract.size(); i++) {
      positions.add(i);
    }
    positions.sort(
        (x, y) -> Long.compare(lhs.stride(contract.get(y)), lhs.stride(contract.get(x))));
    return positions;
  }

  private static List<Integer> pick(List<Integer> dims, List<Integer> positions) {
    return positions.stream().map(dims::get).toList();
  }

  private static Shape batchShape(View lhs, List<Integer> batch) {
    return Shape.of(batch.stream().map(dim -> lhs.dim(dim)).toList());
  }
}
