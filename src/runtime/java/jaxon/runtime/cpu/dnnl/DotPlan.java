package jaxon.runtime.cpu.dnnl;

import java.util.ArrayList;
import java.util.List;
import jaxon.graph.type.DType;
import jaxon.graph.type.Shape;
import jaxon.runtime.lower.BatchedProduct;
import jaxon.runtime.lower.MatrixOperand;

/// A dot_general as a matrix product here: operands where they lie, results dense in the order
/// batch dims, left free dims, right free dims.
public final class DotPlan {
  private DotPlan() {}

  /// The product of `product`'s operands with results of type `result`.
  public static MatmulSpec spec(BatchedProduct product, DType result) {
    MatrixOperand a = product.a();
    MatrixOperand b = product.b();
    long m = a.free();
    long n = b.free();
    return new MatmulSpec(
        m,
        n,
        a.contracting(),
        freeByContracting(a),
        freeByContracting(b).transposed(),
        MatrixLayout.rowMajor(result, n),
        batch(product.batch(), a, b, m * n),
        false,
        PostOps.NONE);
  }

  private static MatrixLayout freeByContracting(MatrixOperand operand) {
    DType dtype = operand.view().dtype();
    return operand.contractingIsInner()
        ? new MatrixLayout(dtype, operand.stride(), 1)
        : new MatrixLayout(dtype, 1, operand.stride());
  }

  private static List<BatchDim> batch(Shape sizes, MatrixOperand a, MatrixOperand b, long results) {
    List<BatchDim> dims = new ArrayList<>();
    long[] strides = sizes.strides();
    for (int i = 0; i < sizes.rank(); i++) {
      dims.add(
          new BatchDim(sizes.dim(i), a.batch().get(i), b.batch().get(i), strides[i] * results));
    }
    return dims;
  }
}
