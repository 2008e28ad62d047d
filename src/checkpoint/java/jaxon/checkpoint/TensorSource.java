package jaxon.checkpoint;

import java.lang.foreign.MemorySegment;
import java.util.SequencedMap;
import jaxon.graph.type.TensorType;

/// Tensors that can be read by path, whole or in part.
///
/// Safe for use by several threads.
public interface TensorSource extends AutoCloseable {
  /// The tensors that are there, by path.
  SequencedMap<String, TensorType> tensors();

  /// Reads a block of a tensor.
  ///
  /// @param start the block's first element, per dim
  /// @param extent the block's size, per dim
  /// @param into takes the block, dense and row-major, elements little-endian
  /// @throws CheckpointException if there is no such block, or it cannot be read as it was written
  void read(String path, long[] start, long[] extent, MemorySegment into);

  @Override
  void close();
}
