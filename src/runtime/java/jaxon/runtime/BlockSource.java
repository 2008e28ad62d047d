package jaxon.runtime;

import java.lang.foreign.MemorySegment;
import java.util.List;
import jaxon.graph.type.Shape;

/// A tensor that is read block by block.
@FunctionalInterface
public interface BlockSource {
  /// Fills `into` with the block of shape `extent` whose first element is `start`, dense and
  /// row-major.
  void read(List<Long> start, Shape extent, MemorySegment into);
}
