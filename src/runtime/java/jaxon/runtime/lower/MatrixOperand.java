package jaxon.runtime.lower;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import jaxon.graph.type.Shape;
import jaxon.runtime.program.Reshaping;
import jaxon.runtime.program.View;

/// One side of a batched matrix product: a view whose free and contracting dims are one each.
///
/// @param view what to read
/// @param batch strides of the batch dims, in elements
/// @param free size of the free dim
/// @param contracting size of the contracting dim
/// @param stride distance of the stored rows in elements
/// @param contractingIsInner true when neighbours along the contracting dim are neighbours in
///   memory, false when those along the free dim are
public record MatrixOperand(
    View view,
    List<Long> batch,
    long free,
    long contracting,
    long stride,
    boolean contractingIsInner) {

  /// The operand `view` of a dot_general, copied if its layout is not that of matrices.
  ///
  /// @param freeFirst the layout to copy to: free dims before contracting dims, or after
  public static MatrixOperand of(
      View view,
      List<Integer> batch,
      List<Integer> contract,
      boolean freeFirst,
      Lowering lowering) {
    List<Integer> free = new ArrayList<>();
    for (int i = 0; i < view.shape().rank(); i++) {
      if (!batch.contains(i) && !contract.contains(i)) {
        free.add(i);
      }
    }
    return inPlace(view, batch, free, contract)
        .orElseGet(() -> copied(view, batch, free, contract, freeFirst, lowering));
  }

  private static MatrixOperand copied(
      View view,
      List<Integer> batch,
      List<Integer> free,
      List<Integer> contract,
      boolean freeFirst,
      Lowering lowering) {
    List<Integer> order = new ArrayList<>(batch);
    order.addAll(freeFirst ? free : contract);
    order.addAll(freeFirst ? contract : free);
    View copy = lowering.copyOnce(view.transposed(order));
    int batches = batch.size();
    int middle = batches + (freeFirst ? free.size() : contract.size());
    List<Integer> first = range(batches, middle);
    List<Integer> second = range(middle, order.size());
    return inPlace(copy, range(0, batches), freeFirst ? first : second, freeFirst ? second : first)
        .orElseThrow(() -> new IllegalStateException("a dense copy is no matrix: " + copy));
  }

  private static List<Integer> range(int from, int to) {
    List<Integer> range = new ArrayList<>();
    for (int i = from; i < to; i++) {
      range.add(i);
    }
    return range;
  }

  /// The operand read where it is, if its layout is that of matrices.
  public static Optional<MatrixOperand> inPlace(
      View view, List<Integer> batch, List<Integer> free, List<Integer> contract) {
    OptionalLong freeStride = oneStride(view, free);
    OptionalLong contractStride = oneStride(view, contract);
    if (freeStride.isEmpty() || contractStride.isEmpty()) {
      return Optional.empty();
    }
    long m = size(view, free);
    long k = size(view, contract);
    long rows = freeStride.getAsLong();
    long columns = contractStride.getAsLong();
    List<Long> batchStrides = batch.stream().map(view::stride).toList();
    // A dim of size 1 has any stride that is asked for.
    if ((columns == 1 || k == 1) && (m == 1 || rows >= k)) {
      long stride = m == 1 ? Math.max(1, k) : rows;
      return Optional.of(new MatrixOperand(view, batchStrides, m, k, stride, true));
    }
    if ((rows == 1 || m == 1) && (k == 1 || columns >= m)) {
      long stride = k == 1 ? Math.max(1, m) : columns;
      return Optional.of(new MatrixOperand(view, batchStrides, m, k, stride, false));
    }
    return Optional.empty();
  }

  private static long size(View view, List<Integer> dims) {
    long size = 1;
    for (int dim : dims) {
      size *= view.dim(dim);
    }
    return size;
  }

  /// The one stride that walks `dims` in this order, if there is one; 1 when all have size 1.
  private static OptionalLong oneStride(View view, List<Integer> dims) {
    long size = size(view, dims);
    if (size == 1) {
      return OptionalLong.of(1);
    }
    Optional<List<Long>> merged = Reshaping.strides(view.transposed(dims), Shape.of(size));
    return merged.isPresent() ? OptionalLong.of(merged.get().getFirst()) : OptionalLong.empty();
  }
}
