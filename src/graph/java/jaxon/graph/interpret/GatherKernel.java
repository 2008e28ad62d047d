package jaxon.graph.interpret;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import jaxon.graph.op.IndexOp;
import jaxon.graph.op.IndexOp.GatherDims;
import jaxon.graph.type.Shape;
import jaxon.graph.type.TensorType;

/// Gather and scatter: one relation between the elements of the operand and those of the gathered
/// result (or the updates), read in the two directions.
final class GatherKernel {
  private GatherKernel() {}

  static Tensor gather(IndexOp.Gather op, Tensor x, Tensor indices, TensorType type) {
    long[] sizes = op.sliceSizes().stream().mapToLong(Long::longValue).toArray();
    Window window = new Window(op.dims(), x.shape(), indices, type.shape());
    Tensor result = Tensor.zeros(type);
    for (IndexCounter i = new IndexCounter(type.shape()); i.inRange(); i.next()) {
      long[] at = window.start(i);
      for (int dim = 0; dim < at.length; dim++) {
        at[dim] = Math.clamp(at[dim], 0, x.shape().dim(dim) - sizes[dim]);
      }
      result.set(i.flat(), x, window.element(at, i));
    }
    return result;
  }

  /// Sums go on in double or long and are rounded once.
  static Tensor scatter(
      IndexOp.Scatter op, Tensor x, Tensor indices, Tensor given, Precision precision) {
    GatherDims dims = windowsLast(op.dims(), given.shape().rank());
    Tensor updates = ShapeKernels.transpose(given, batchThenOffset(op.dims(), given.shape()));
    long[] sizes = windowSizes(dims, x.shape().rank(), updates.shape());
    Window window = new Window(dims, x.shape(), indices, updates.shape());
    Tensor result = x.copy();
    for (IndexCounter i = new IndexCounter(updates.shape()); i.inRange(); i.next()) {
      long[] at = window.start(i);
      if (fits(at, sizes, x.shape())) {
        combine(op.combiner(), result, window.element(at, i), updates, i.flat());
      }
    }
    return result.isFloat() ? Tensor.rounded(result.type(), result.doubles(), precision) : result;
  }

  /// The dims of updates whose windows follow each other whole: row-major order is then the order
  /// of the indices.
  private static List<Integer> batchThenOffset(GatherDims dims, Shape updates) {
    List<Integer> permutation =
        new ArrayList<>(IntStream.range(0, updates.rank()).boxed().toList());
    permutation.removeAll(dims.offsetDims());
    permutation.addAll(dims.offsetDims());
    return permutation;
  }

  private static GatherDims windowsLast(GatherDims dims, int rank) {
    int windows = dims.offsetDims().size();
    return new GatherDims(
        IntStream.range(rank - windows, rank).boxed().toList(),
        dims.collapsedSliceDims(),
        dims.operandBatchingDims(),
        dims.startIndicesBatchingDims(),
        dims.startIndexMap(),
        dims.indexVectorDim());
  }

  private static boolean fits(long[] start, long[] sizes, Shape shape) {
    return IntStream.range(0, start.length)
        .allMatch(dim -> start[dim] >= 0 && start[dim] <= shape.dim(dim) - sizes[dim]);
  }

  private static void combine(
      IndexOp.Combiner combiner, Tensor target, int to, Tensor updates, int from) {
    switch (combiner) {
      case SET -> target.set(to, updates, from);
      case ADD -> {
        if (target.isFloat()) {
          target.doubles()[to] += updates.doubles()[from];
        } else {
          target.longs()[to] = target.dtype().wrap(target.longs()[to] + updates.longs()[from]);
        }
      }
    }
  }

  private static long[] windowSizes(GatherDims dims, int rank, Shape updates) {
    long[] sizes = new long[rank];
    Arrays.fill(sizes, 1);
    int[] windowDims = windowDims(dims, rank);
    for (int i = 0; i < windowDims.length; i++) {
      sizes[windowDims[i]] = updates.dim(dims.offsetDims().get(i));
    }
    return sizes;
  }

  /// The dims of the operand along which a window extends.
  private static int[] windowDims(GatherDims dims, int rank) {
    return IntStream.range(0, rank)
        .filter(dim -> !dims.collapsedSliceDims().contains(dim))
        .filter(dim -> !dims.operandBatchingDims().contains(dim))
        .toArray();
  }

  /// Which element of the operand belongs to an index of the gathered result, in the terms of
  /// StableHLO's definition of gather.
  private static final class Window {
    private final GatherDims dims;
    private final int[] windowDims;
    private final int[] batchDims;
    private final Tensor indices;
    private final long[] indexStrides;
    private final long[] strides;

    Window(GatherDims dims, Shape operand, Tensor indices, Shape result) {
      this.dims = dims;
      this.windowDims = windowDims(dims, operand.rank());
      this.batchDims =
          IntStream.range(0, result.rank())
              .filter(dim -> !dims.offsetDims().contains(dim))
              .toArray();
      this.indices = indices;
      this.indexStrides = indices.shape().strides();
      this.strides = operand.strides();
    }

    /// The window's first index as asked: start index plus batching index.
    long[] start(IndexCounter result) {
      long[] start = new long[strides.length];
      long vector = 0;
      for (int i = 0; i < batchDims.length; i++) {
        vector += result.at(batchDims[i]) * indexStrides[indexDim(i)];
      }
      boolean scalarIndices = dims.indexVectorDim() == indexStrides.length;
      long step = scalarIndices ? 0 : indexStrides[dims.indexVectorDim()];
      for (int i = 0; i < dims.startIndexMap().size(); i++) {
        start[dims.startIndexMap().get(i)] = indices.index((int) (vector + i * step));
      }
      for (int i = 0; i < dims.operandBatchingDims().size(); i++) {
        int indexDim = dims.startIndicesBatchingDims().get(i);
        int batch = indexDim < dims.indexVectorDim() ? indexDim : indexDim - 1;
        start[dims.operandBatchingDims().get(i)] = result.at(batchDims[batch]);
      }
      return start;
    }

    /// The dim of the index tensor that batch dim number `batch` of the result counts along.
    private int indexDim(int batch) {
      return batch < dims.indexVectorDim() ? batch : batch + 1;
    }

    /// The operand's element number of `start` plus the offset within the window.
    int element(long[] start, IndexCounter result) {
      long element = 0;
      for (int dim = 0; dim < start.length; dim++) {
        element += start[dim] * strides[dim];
      }
      for (int i = 0; i < windowDims.length; i++) {
        element += result.at(dims.offsetDims().get(i)) * strides[windowDims[i]];
      }
      return (int) element;
    }
  }
}
