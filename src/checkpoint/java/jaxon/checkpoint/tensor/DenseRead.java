package jaxon.checkpoint.tensor;

import java.lang.foreign.MemorySegment;
import jaxon.graph.type.TensorType;

/// Copies a block out of a tensor that lies row-major in memory.
public final class DenseRead {
  private DenseRead() {}

  /// Copies a block of `tensor`, which is in the machine's byte order.
  ///
  /// @throws IllegalArgumentException if the block is not within the tensor
  public static void copy(
      String path, MemorySegment tensor, TensorType type, Block block, MemorySegment into) {
    block.requireWithin(path, type.shape());
    int bytes = type.dtype().bytes();
    long done = 0;
    for (Block.Run run : block.runs(type.shape().toArray())) {
      MemorySegment.copy(tensor, run.from() * bytes, into, done * bytes, run.count() * bytes);
      done += run.count();
    }
  }
}
