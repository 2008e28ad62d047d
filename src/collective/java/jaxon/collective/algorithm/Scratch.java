package jaxon.collective.algorithm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Memory that the collectives of a rank use while they run; it grows and is kept.
final class Scratch implements AutoCloseable {
  private static final int ALIGNMENT = 64;

  private Arena accumulatorArena = Arena.ofShared();
  private MemorySegment accumulator = MemorySegment.NULL;
  private Arena blocksArena = Arena.ofShared();
  private MemorySegment blocks = MemorySegment.NULL;

  /// Memory for sums.
  long accumulator(long bytes) {
    if (accumulator.byteSize() < bytes) {
      accumulatorArena.close();
      accumulatorArena = Arena.ofShared();
      accumulator = accumulatorArena.allocate(bytes, ALIGNMENT);
    }
    return accumulator.address();
  }

  /// Memory for blocks on their way.
  long blocks(long bytes) {
    if (blocks.byteSize() < bytes) {
      blocksArena.close();
      blocksArena = Arena.ofShared();
      blocks = blocksArena.allocate(bytes, ALIGNMENT);
    }
    return blocks.address();
  }

  @Override
  public void close() {
    accumulatorArena.close();
    blocksArena.close();
  }
}
