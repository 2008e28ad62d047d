package jaxon.nd4j;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import jaxon.runtime.host.HostMemory;

/// Vectors of ones, which turn matrix products into sums.
///
/// Their memory lives as long as the process and grows to the longest vector asked for.
final class Ones {
  private MemorySegment floats = MemorySegment.NULL;
  private MemorySegment doubles = MemorySegment.NULL;

  /// Address of at least `count` float32 ones.
  synchronized long floats(long count) {
    if (floats.byteSize() < count * Float.BYTES) {
      floats = Arena.global().allocate(count * Float.BYTES, 64);
      for (long i = 0; i < count; i++) {
        floats.setAtIndex(HostMemory.FLOAT, i, 1f);
      }
    }
    return floats.address();
  }

  /// Address of at least `count` float64 ones.
  synchronized long doubles(long count) {
    if (doubles.byteSize() < count * Double.BYTES) {
      doubles = Arena.global().allocate(count * Double.BYTES, 64);
      for (long i = 0; i < count; i++) {
        doubles.setAtIndex(HostMemory.DOUBLE, i, 1.0);
      }
    }
    return doubles.address();
  }
}
