package jaxon.nd4j;

import jaxon.graph.type.DType;
import jaxon.graph.type.Shape;
import jaxon.runtime.lower.BatchedProduct;
import jaxon.runtime.lower.MatrixOperand;
import jaxon.runtime.program.Kernel;
import jaxon.runtime.program.Tensor;

/// A batched matrix product: one call of OpenBLAS per element of the batch dims.
final class MatrixProduct implements Kernel {
  private final Shape batch;
  private final MatrixOperand a;
  private final MatrixOperand b;
  private final Tensor left;
  private final Tensor right;
  private final Tensor result;
  private final int m;
  private final int n;
  private final int k;

  MatrixProduct(BatchedProduct product, Tensor left, Tensor right, Tensor result) {
    this.batch = product.batch();
    this.a = product.a();
    this.b = product.b();
    this.left = left;
    this.right = right;
    this.result = result;
    this.m = Math.toIntExact(a.free());
    this.n = Math.toIntExact(b.free());
    this.k = Math.toIntExact(a.contracting());
  }

  @Override
  public void run() {
    long count = batch.elements();
    for (long i = 0; i < count; i++) {
      one(i);
    }
  }

  private void one(long index) {
    int width = result.dtype().bytes();
    long x = left.address();
    long y = right.address();
    long rest = index;
    for (int dim = batch.rank() - 1; dim >= 0; dim--) {
      long at = rest % batch.dim(dim);
      rest /= batch.dim(dim);
      x += at * a.batch().get(dim) * width;
      y += at * b.batch().get(dim) * width;
    }
    long z = result.address() + index * m * n * width;
    multiply(OpenBlas.Matrix.left(a, x), OpenBlas.Matrix.right(b, y), z);
  }

  private void multiply(OpenBlas.Matrix x, OpenBlas.Matrix y, long z) {
    boolean isFloat = result.dtype() == DType.F32;
    if (n == 1) {
      vector(x, a.contractingIsInner(), m, y, b.contractingIsInner(), z);
    } else if (m == 1) {
      OpenBlas.Matrix flipped = new OpenBlas.Matrix(y.address(), y.stride(), !y.transposed());
      vector(flipped, b.contractingIsInner(), n, x, a.contractingIsInner(), z);
    } else if (isFloat) {
      OpenBlas.sgemm(m, n, k, x, y, z, n);
    } else {
      OpenBlas.dgemm(m, n, k, x, y, z, n);
    }
  }

  /// `z = matrix · vector`; `matrix` has `free` rows unless it is stored transposed.
  private void vector(
      OpenBlas.Matrix matrix,
      boolean contractingIsInner,
      int free,
      OpenBlas.Matrix vector,
      boolean vectorIsInner,
      long z) {
    int rows = contractingIsInner ? free : k;
    int columns = contractingIsInner ? k : free;
    int step = vectorIsInner ? 1 : vector.stride();
    if (result.dtype() == DType.F32) {
      OpenBlas.sgemv(rows, columns, matrix, vector.address(), step, z, 1);
    } else {
      OpenBlas.dgemv(rows, columns, matrix, vector.address(), step, z, 1);
    }
  }
}
