package jaxon.graph.infer;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import jaxon.graph.op.IndexOp;
import jaxon.graph.type.DType;
import jaxon.graph.type.Shape;
import jaxon.graph.type.TensorType;

/// Types of the ops whose element positions are data.
final class IndexRules {
  private IndexRules() {}

  static List<TensorType> infer(IndexOp op, Check check) {
    return switch (op) {
      case IndexOp.DynamicSlice slice -> List.of(dynamicSlice(slice, check));
      case IndexOp.DynamicUpdateSlice _ -> List.of(dynamicUpdateSlice(check));
      case IndexOp.Gather gather -> List.of(gather(gather, check));
      case IndexOp.Scatter scatter -> List.of(scatter(scatter, check));
      case IndexOp.Sort sort -> sort(sort, check);
    };
  }

  private static void starts(Check check, int from, int rank) {
    check.operandCount(from + rank);
    for (int i = from; i < from + rank; i++) {
      TensorType start = check.operand(i);
      check.require(
          start.equals(TensorType.of(DType.I32)), () -> "start indices must be scalar i32");
    }
  }

  private static void windowFits(Check check, List<Long> sizes, Shape shape) {
    boolean fits = sizes.size() == shape.rank();
    for (int i = 0; fits && i < sizes.size(); i++) {
      fits = sizes.get(i) >= 0 && sizes.get(i) <= shape.dim(i);
    }
    boolean ok = fits;
    check.require(ok, () -> "a window of " + sizes + " must fit into " + shape);
  }

  private static TensorType dynamicSlice(IndexOp.DynamicSlice op, Check check) {
    TensorType type = check.operand(0);
    starts(check, 1, type.shape().rank());
    windowFits(check, op.sizes(), type.shape());
    return type.withShape(Shape.of(op.sizes()));
  }

  private static TensorType dynamicUpdateSlice(Check check) {
    TensorType type = check.operand(0);
    starts(check, 2, type.shape().rank());
    TensorType update = check.operand(1);
    check.require(update.dtype() == type.dtype(), () -> "operand and update must have one dtype");
    windowFits(check, update.shape().toList(), type.shape());
    return type;
  }

  private static TensorType gather(IndexOp.Gather op, Check check) {
    check.operandCount(2);
    TensorType operand = check.operand(0);
    TensorType indices = check.operand(1);
    windowFits(check, op.sliceSizes(), operand.shape());
    List<Long> batch = batchSizes(op.dims(), operand, indices, check);
    List<Integer> removed = new ArrayList<>(op.dims().collapsedSliceDims());
    removed.addAll(op.dims().operandBatchingDims());
    for (int dim : removed) {
      check.require(
          op.sliceSizes().get(dim) <= 1, () -> "collapsed dim " + dim + " must have slice size 1");
    }
    List<Long> window = Shape.of(op.sliceSizes()).without(removed).toList();
    return operand.withShape(merge(op.dims(), batch, window, check));
  }

  private static TensorType scatter(IndexOp.Scatter op, Check check) {
    check.operandCount(3);
    TensorType operand = check.operand(0);
    TensorType updates = check.operand(2);
    check.require(operand.dtype() == updates.dtype(), () -> "operand and updates: one dtype");
    List<Long> batch = batchSizes(op.dims(), operand, check.operand(1), check);
    check.dims(op.dims().offsetDims(), updates.shape(), "offset dims");
    List<Long> window =
        op.dims().offsetDims().stream().map(dim -> updates.shape().dim(dim)).toList();
    Shape expected = merge(op.dims(), batch, window, check);
    check.require(updates.shape().equals(expected), () -> "updates must have shape " + expected);
    windowFits(op.dims(), window, operand.shape(), check);
    return operand;
  }

  /// The update windows fit into the operand's dims that are neither collapsed nor batching.
  private static void windowFits(
      IndexOp.GatherDims dims, List<Long> window, Shape operand, Check check) {
    List<Integer> removed = new ArrayList<>(dims.collapsedSliceDims());
    removed.addAll(dims.operandBatchingDims());
    windowFits(check, window, operand.without(removed));
  }

  /// Sizes of the index tensor's dims but the index vector dim.
  private static List<Long> batchSizes(
      IndexOp.GatherDims dims, TensorType operand, TensorType indices, Check check) {
    check.require(indices.dtype().isInteger(), () -> "indices must be integers");
    Shape shape = indices.shape();
    int vectorDim = dims.indexVectorDim();
    check.require(
        vectorDim >= 0 && vectorDim <= shape.rank(), () -> "index vector dim out of range");
    long vector = vectorDim == shape.rank() ? 1 : shape.dim(vectorDim);
    check.require(
        vector == dims.startIndexMap().size(),
        () -> "the index vector dim must have size " + dims.startIndexMap().size());
    List<Integer> indexed = new ArrayList<>(dims.startIndexMap());
    indexed.addAll(dims.operandBatchingDims());
    check.dims(indexed, operand.shape(), "start index map and batching dims");
    List<Integer> removed = new ArrayList<>(dims.collapsedSliceDims());
    removed.addAll(dims.operandBatchingDims());
    check.dims(removed, operand.shape(), "collapsed and batching dims");
    check.require(
        dims.operandBatchingDims().size() == dims.startIndicesBatchingDims().size(),
        () -> "operand and start indices need as many batching dims");
    check.dims(dims.startIndicesBatchingDims(), shape, "start indices batching dims");
    check.require(
        !dims.startIndicesBatchingDims().contains(vectorDim),
        () -> "the index vector dim must not be a batching dim");
    for (int i = 0; i < dims.operandBatchingDims().size(); i++) {
      long size = operand.shape().dim(dims.operandBatchingDims().get(i));
      long indexSize = shape.dim(dims.startIndicesBatchingDims().get(i));
      check.require(size == indexSize, () -> "batching dims must have equal sizes");
    }
    return vectorDim == shape.rank() ? shape.toList() : shape.without(List.of(vectorDim)).toList();
  }

  /// Result sizes: window sizes at the offset dims, batch sizes at the others, each in order.
  private static Shape merge(
      IndexOp.GatherDims dims, List<Long> batch, List<Long> window, Check check) {
    check.require(
        dims.offsetDims().size() == window.size(),
        () -> "offset dims " + dims.offsetDims() + " must be one per window dim " + window);
    int rank = batch.size() + window.size();
    check.dims(
        dims.offsetDims(), Shape.of(Collections.nCopies(rank, 0L)), "offset dims of the result");
    List<Long> sizes = new ArrayList<>();
    int nextBatch = 0;
    for (int i = 0; i < rank; i++) {
      int offset = dims.offsetDims().indexOf(i);
      sizes.add(offset >= 0 ? window.get(offset) : batch.get(nextBatch++));
    }
    return Shape.of(sizes);
  }

  private static List<TensorType> sort(IndexOp.Sort op, Check check) {
    check.require(!check.operands().isEmpty(), () -> "takes at least one operand");
    TensorType key = check.operand(0);
    check.dims(List.of(op.dim()), key.shape(), "dim");
    for (int i = 1; i < check.operands().size(); i++) {
      check.shapesEqual(0, i);
    }
    return check.operands();
  }
}
