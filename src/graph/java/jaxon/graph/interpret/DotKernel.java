package jaxon.graph.interpret;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import jaxon.graph.op.ContractOp.DotGeneral;
import jaxon.graph.type.DType;
import jaxon.graph.type.Shape;
import jaxon.graph.type.TensorType;

/// dot_general: both operands are brought into the order (batch, free, contracted), then `result[b,
/// m, n] = sum over k of lhs[b, m, k] · rhs[b, n, k]`, in double or long, and rounded once.
final class DotKernel {
  private DotKernel() {}

  static Tensor apply(DotGeneral op, Tensor lhs, Tensor rhs, TensorType type, Precision precision) {
    Shape batch = sizes(lhs, op.lhsBatch());
    Shape rows = sizes(lhs, free(lhs, op.lhsBatch(), op.lhsContract()));
    Shape columns = sizes(rhs, free(rhs, op.rhsBatch(), op.rhsContract()));
    Tensor left = ordered(lhs, op.lhsBatch(), op.lhsContract());
    Tensor right = ordered(rhs, op.rhsBatch(), op.rhsContract());
    Extent extent =
        new Extent(
            (int) batch.elements(),
            (int) rows.elements(),
            (int) columns.elements(),
            (int) sizes(lhs, op.lhsContract()).elements());
    Tensor sums = lhs.isFloat() ? floats(left, right, extent) : integers(left, right, extent);
    return Conversion.convert(sums, type, precision).withShape(type.shape());
  }

  /// Sizes of the merged dims.
  private record Extent(int batch, int rows, int columns, int contracted) {
    int results() {
      return batch * rows * columns;
    }
  }

  private static Tensor floats(Tensor left, Tensor right, Extent extent) {
    double[] a = left.doubles();
    double[] b = right.doubles();
    double[] result = new double[extent.results()];
    for (int i = 0; i < result.length; i++) {
      int leftAt = i / extent.columns() * extent.contracted();
      int rightAt = rightRow(i, extent) * extent.contracted();
      double sum = 0;
      for (int k = 0; k < extent.contracted(); k++) {
        sum += a[leftAt + k] * b[rightAt + k];
      }
      result[i] = sum;
    }
    return Tensor.ofDoubles(TensorType.of(DType.F64, result.length), result);
  }

  private static Tensor integers(Tensor left, Tensor right, Extent extent) {
    long[] a = left.longs();
    long[] b = right.longs();
    long[] result = new long[extent.results()];
    for (int i = 0; i < result.length; i++) {
      int leftAt = i / extent.columns() * extent.contracted();
      int rightAt = rightRow(i, extent) * extent.contracted();
      for (int k = 0; k < extent.contracted(); k++) {
        result[i] += a[leftAt + k] * b[rightAt + k];
      }
    }
    DType wide = left.dtype().isUnsigned() ? DType.UI64 : DType.I64;
    return Tensor.ofLongs(TensorType.of(wide, result.length), result);
  }

  /// The row of the right operand that makes result element `i`, which counts (batch, row, column).
  private static int rightRow(int i, Extent extent) {
    int batch = i / (extent.rows() * extent.columns());
    return batch * extent.columns() + i % extent.columns();
  }

  private static Tensor ordered(Tensor x, List<Integer> batch, List<Integer> contracted) {
    List<Integer> order = new ArrayList<>(batch);
    order.addAll(free(x, batch, contracted));
    order.addAll(contracted);
    return ShapeKernels.transpose(x, order);
  }

  private static List<Integer> free(Tensor x, List<Integer> batch, List<Integer> contracted) {
    return IntStream.range(0, x.shape().rank())
        .filter(dim -> !batch.contains(dim) && !contracted.contains(dim))
        .boxed()
        .toList();
  }

  private static Shape sizes(Tensor x, List<Integer> dims) {
    return Shape.of(dims.stream().map(x.shape()::dim).toList());
  }
}
