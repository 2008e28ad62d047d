package jaxon.graph.interpret;

import java.util.Arrays;
import jaxon.graph.op.ReduceOp;
import jaxon.graph.op.ReduceOp.Reduce;
import jaxon.graph.type.DType;
import jaxon.graph.type.Shape;
import jaxon.graph.type.TensorType;

/// Folds dims away in row-major order, from the neutral element, in double or long; rounded once.
public final class ReduceKernel {
  private ReduceKernel() {}

  static Tensor apply(Reduce op, Tensor x, TensorType type, Precision precision) {
    long[] strides = resultStrides(op, x.shape(), type.shape());
    int results = Math.toIntExact(type.shape().elements());
    return x.isFloat()
        ? Tensor.rounded(type, floats(op.kind(), x, strides, results), precision)
        : Tensor.ofLongs(type, integers(op.kind(), x, strides, results));
  }

  /// Per dim of the operand, the distance of its elements in the result: 0 for folded dims.
  private static long[] resultStrides(Reduce op, Shape operand, Shape result) {
    long[] kept = result.strides();
    long[] strides = new long[operand.rank()];
    int next = 0;
    for (int dim = 0; dim < strides.length; dim++) {
      strides[dim] = op.dims().contains(dim) ? 0 : kept[next++];
    }
    return strides;
  }

  private static double[] floats(ReduceOp.Kind kind, Tensor x, long[] strides, int results) {
    double[] folded = new double[results];
    Arrays.fill(folded, neutral(kind));
    for (IndexCounter i = new IndexCounter(x.shape()); i.inRange(); i.next()) {
      int to = i.dot(strides);
      folded[to] = fold(kind, folded[to], x.doubles()[i.flat()]);
    }
    return folded;
  }

  private static long[] integers(ReduceOp.Kind kind, Tensor x, long[] strides, int results) {
    long[] folded = new long[results];
    Arrays.fill(folded, neutral(kind, x.dtype()));
    for (IndexCounter i = new IndexCounter(x.shape()); i.inRange(); i.next()) {
      int to = i.dot(strides);
      folded[to] = fold(kind, x.dtype(), folded[to], x.longs()[i.flat()]);
    }
    return folded;
  }

  /// The neutral element of a fold of floats.
  public static double neutral(ReduceOp.Kind kind) {
    return switch (kind) {
      case SUM -> 0;
      case PRODUCT -> 1;
      case MAX -> Double.NEGATIVE_INFINITY;
      case MIN -> Double.POSITIVE_INFINITY;
      case AND, OR -> throw new IllegalStateException(kind + " of floats");
    };
  }

  /// One step of a fold of floats, not rounded.
  public static double fold(ReduceOp.Kind kind, double x, double y) {
    return switch (kind) {
      case SUM -> x + y;
      case PRODUCT -> x * y;
      case MAX -> Math.max(x, y);
      case MIN -> Math.min(x, y);
      case AND, OR -> throw new IllegalStateException(kind + " of floats");
    };
  }

  /// The neutral element of a fold of integers or bools of `dtype`.
  public static long neutral(ReduceOp.Kind kind, DType dtype) {
    long signedMin = -1L << (dtype.bits() - 1);
    return switch (kind) {
      case SUM, OR -> 0;
      case PRODUCT, AND -> 1;
      case MAX -> dtype.isUnsigned() ? 0 : signedMin;
      case MIN -> dtype.isUnsigned() ? dtype.wrap(-1) : ~signedMin;
    };
  }

  /// One step of a fold of integers or bools of `dtype`.
  public static long fold(ReduceOp.Kind kind, DType dtype, long x, long y) {
    return switch (kind) {
      case SUM -> dtype.wrap(x + y);
      case PRODUCT -> dtype.wrap(x * y);
      case MAX -> BinaryKernels.compare(dtype, x, y) >= 0 ? x : y;
      case MIN -> BinaryKernels.compare(dtype, x, y) <= 0 ? x : y;
      case AND -> x & y;
      case OR -> x | y;
    };
  }
}
