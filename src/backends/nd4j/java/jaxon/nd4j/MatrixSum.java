package jaxon.nd4j;

import static jaxon.runtime.host.HostMemory.ALL;
import static jaxon.runtime.host.HostMemory.FLOAT;

import jaxon.graph.type.DType;
import jaxon.graph.type.Shape;
import jaxon.runtime.host.WorkerPool;
import jaxon.runtime.lower.MatrixOperand;
import jaxon.runtime.program.Kernel;
import jaxon.runtime.program.Tensor;

/// Sums over the contracting dim of a matrix, as products with a vector of ones.
///
/// Long rows of float32 are cut into pieces whose sums are added in double, so that the error does
/// not grow with the length.
final class MatrixSum implements Kernel, WorkerPool.Task {
  /// Elements that are summed in float32.
  private static final int PIECE = 4096;

  private final Shape batch;
  private final MatrixOperand operand;
  private final Tensor source;
  private final Tensor result;
  private final WorkerPool workers;
  private final int free;
  private final int contracting;
  private final long ones;

  /// Sums of the pieces of the row that is being summed.
  private final double[] sums;

  private long row;

  MatrixSum(Shape batch, MatrixOperand operand, Tensor source, Tensor result, WorkerPool workers) {
    this.batch = batch;
    this.operand = operand;
    this.source = source;
    this.result = result;
    this.workers = workers;
    this.free = Math.toIntExact(operand.free());
    this.contracting = Math.toIntExact(operand.contracting());
    this.sums = new double[Math.ceilDiv(contracting, PIECE)];
    this.ones =
        result.dtype() == DType.F32
            ? Engine.get().ones().floats(contracting)
            : Engine.get().ones().doubles(contracting);
  }

  @Override
  public void run() {
    int width = result.dtype().bytes();
    for (long i = 0; i < batch.elements(); i++) {
      long x = source.address();
      long rest = i;
      for (int dim = batch.rank() - 1; dim >= 0; dim--) {
        x += rest % batch.dim(dim) * operand.batch().get(dim) * width;
        rest /= batch.dim(dim);
      }
      one(x, result.address() + i * free * width);
    }
  }

  private void one(long x, long z) {
    boolean isFloat = result.dtype() == DType.F32;
    if (isFloat && operand.contractingIsInner() && contracting > 2 * PIECE) {
      for (int row = 0; row < free; row++) {
        ALL.set(FLOAT, z + row * 4L, (float) longSum(x + row * operand.stride() * 4));
      }
      return;
    }
    OpenBlas.Matrix matrix = OpenBlas.Matrix.left(operand, x);
    int rows = operand.contractingIsInner() ? free : contracting;
    int columns = operand.contractingIsInner() ? contracting : free;
    if (isFloat) {
      OpenBlas.sgemv(rows, columns, matrix, ones, 1, z, 1);
    } else {
      OpenBlas.dgemv(rows, columns, matrix, ones, 1, z, 1);
    }
  }

  private double longSum(long x) {
    row = x;
    workers.run(sums.length, this);
    double sum = 0;
    for (double piece : sums) {
      sum += piece;
    }
    return sum;
  }

  /// Sums one piece of the row.
  @Override
  public void run(int index, int worker) {
    int count = Math.min(PIECE, contracting - index * PIECE);
    sums[index] = OpenBlas.sdot(count, row + (long) index * PIECE * 4, ones);
  }
}
