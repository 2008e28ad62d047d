package jaxon.runtime.cpu;

import java.util.ArrayList;
import java.util.List;
import jaxon.graph.op.ContractOp.DotGeneral;
import jaxon.graph.type.TensorType;
import jaxon.runtime.kernel.PlainProduct;
import jaxon.runtime.lower.BatchedProduct;
import jaxon.runtime.lower.Fallback;
import jaxon.runtime.lower.Lowering;
import jaxon.runtime.lower.MatrixOperand;
import jaxon.runtime.program.View;

/// dot_general as batched matrix products.
final class CpuDot {
  private CpuDot() {}

  static View lower(Lowering lowering, DotGeneral dot, List<View> operands, TensorType type) {
    if (operands.getFirst().dtype().isFloat() != type.dtype().isFloat()) {
      return Fallback.one(lowering, dot, operands, type);
    }
    BatchedProduct product = BatchedProduct.of(lowering, dot, operands.get(0), operands.get(1));
    View a = product.a().view();
    View b = product.b().view();
    View c = lowering.fresh(type);
    PlainProduct.Sides sides = sides(product);
    lowering.emit(
        List.of(a, b),
        c,
        linkage ->
            new PlainProduct(
                sides, linkage.tensor(a), linkage.tensor(b), linkage.tensor(c), linkage.workers()));
    return c;
  }

  private static PlainProduct.Sides sides(BatchedProduct product) {
    MatrixOperand a = product.a();
    MatrixOperand b = product.b();
    List<Long> sizes = new ArrayList<>(product.batch().toList());
    List<Long> left = new ArrayList<>(a.batch());
    List<Long> right = new ArrayList<>(b.batch());
    sizes.add(a.free());
    left.add(a.contractingIsInner() ? a.stride() : 1L);
    right.add(0L);
    return new PlainProduct.Sides(
        sizes,
        left,
        right,
        b.free(),
        a.contracting(),
        a.contractingIsInner() ? 1 : a.stride(),
        b.contractingIsInner() ? 1 : b.stride(),
        b.contractingIsInner() ? b.stride() : 1);
  }
}
