package jaxon.checkpoint;

import java.lang.foreign.MemorySegment;
import java.util.SequencedMap;
import jaxon.graph.type.TensorType;

/// Named tensors that are read by blocks.
public interface TensorSource extends AutoCloseable {
  /// The type of each tensor by its path, in the order of the source.
  SequencedMap<String, TensorType> tensors();

  /// Copies the block of a tensor that starts at `start` and has `extent` elements along each dim,
  /// row-major, without gaps and in the machine's byte order, to the beginning of `into`.
  void read(String path, long[] start, long[] extent, MemorySegment into);

  /// Releases what the source holds open; no other method may be called afterwards.
  @Override
  void close();
}
