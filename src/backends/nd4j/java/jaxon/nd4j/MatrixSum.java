package jaxon.nd4j;

import static jaxon.nd4j.HostMemory.ALL;
import static jaxon.nd4j.HostMemory.FLOAT;

import jaxon.graph.type.DType;
import jaxon.graph.type.Shape;

/// Sums over the contracting dim of a matrix, as products with a vector of ones.
///
/// Long rows of float32 are cut into pieces whose sums are added in double, so that the error does
/// not grow with the length.
final class MatrixSum implements Kernel {
  /// Elements that are summed in float32.
  private static final int PIECE = 4096;

  private final Shape batch;
  private final MatrixOperand operand;
  private final Tensor source;
  private final Tensor result;
  private final Workers workers;
  private final int free;
  private final int contracting;
  private final long ones;

  MatrixSum(Shape batch, MatrixOperand operand, Tensor source, Tensor result, Engine engine) {
    this.batch = batch;
    this.operand = operand;
    this.source = source;
    this.result = result;
    this.workers = engine.workers();
    this.free = Math.toIntExact(operand.free());
    this.contracting = Math.toIntExact(operand.contracting());
    this.ones =
        result.dtype() == DType.F32
            ? engine.ones().floats(contracting)
            : engine.ones().doubles(contracting);
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
    OpenBlas.Matrix matrix = operand.matrix(x, true);
    int rows = operand.contractingIsInner() ? free : contracting;
    int columns = operand.contractingIsInner() ? contracting : free;
    if (isFloat) {
      OpenBlas.sgemv(rows, columns, matrix, ones, 1, z, 1);
    } else {
      OpenBlas.dgemv(rows, columns, matrix, ones, 1, z, 1);
    }
  }

  private double longSum(long x) {
    int pieces = Math.ceilDiv(contracting, PIECE);
    double[] sums = new double[pieces];
    workers.split(
        pieces,
        contracting * 4L,
        (from, to) -> {
          for (int i = (int) from; i < to; i++) {
            int count = Math.min(PIECE, contracting - i * PIECE);
            sums[i] = OpenBlas.sdot(count, x + (long) i * PIECE * 4, ones);
          }
        });
    double sum = 0;
    for (double piece : sums) {
      sum += piece;
    }
    return sum;
  }
}
