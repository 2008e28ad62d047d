package jaxon.checkpoint.tensor;

import java.lang.foreign.MemorySegment;

/// Copies blocks out of a tensor whose neighbours are any number of elements apart in memory.
///
/// @param memory where the elements are
/// @param offset the element of `memory` that is the tensor's first
/// @param strides how many elements apart neighbours are, per dim
/// @param bytes size of an element
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record StridedRead(MemorySegment memory, long offset, long[] strides, int bytes) {
  /// Copies a block, which must be within the tensor, dense and row-major.
  public void copy(Block block, MemorySegment into) {
    if (block.elements() > 0) {
      copy(block, 0, offset, into, 0);
    }
  }

  /// Copies the block's part at fixed indices of the dims before `dim`.
  ///
  /// @param from the element of the memory that index 0 of the dims from `dim` on is
  /// @param to the element of `into` where the part begins
  /// @return where it ends
  private long copy(Block block, int dim, long from, MemorySegment into, long to) {
    if (isDenseFrom(block, dim)) {
      long first = from;
      long count = 1;
      for (int d = dim; d < strides.length; d++) {
        first += block.start()[d] * strides[d];
        count *= block.extent()[d];
      }
      MemorySegment.copy(memory, first * bytes, into, to * bytes, count * bytes);
      return to + count;
    }
    long next = to;
    long at = from + block.start()[dim] * strides[dim];
    for (long i = 0; i < block.extent()[dim]; i++, at += strides[dim]) {
      if (dim == strides.length - 1) {
        Transposition.element(memory, at, into, next++, bytes);
      } else {
        next = copy(block, dim + 1, at, into, next);
      }
    }
    return next;
  }

  /// Whether the block's part lies in memory as it will lie.
  private boolean isDenseFrom(Block block, int dim) {
    long dense = 1;
    for (int d = strides.length - 1; d >= dim; d--) {
      if (block.extent()[d] != 1 && strides[d] != dense) {
        return false;
      }
      dense *= block.extent()[d];
    }
    return true;
  }
}
