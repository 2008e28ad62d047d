package jaxon.collective.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// How fast one thread copies memory.
///
/// An all_reduce over shared memory that copies nothing it need not moves about 2.5 bytes for each
/// byte of the vector and rank, so a bus bandwidth of copy / 2.5 is what it can reach.
///
/// @param bytes of each of the two buffers: more than the caches hold
public record CopyFloor(long bytes, int rounds) {
  /// 64 MiB, nine times.
  public static final CopyFloor DEFAULT = new CopyFloor(64 << 20, 9);

  /// Bytes moved for each byte reduced by a rank, with nothing copied in vain.
  public static final double ZERO_COPY_FACTOR = 2.5;

  private static final long ALIGNMENT = 64;

  /// Bytes copied by time, in GB/s, of the median round; a byte counts once, though it is read and
  /// written.
  public double measure() {
    long[] nanos = new long[rounds];
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment source = arena.allocate(bytes, ALIGNMENT).fill((byte) 1);
      MemorySegment target = arena.allocate(bytes, ALIGNMENT).fill((byte) 2);
      for (int i = 0; i < rounds; i++) {
        long start = System.nanoTime();
        target.copyFrom(source);
        nanos[i] = System.nanoTime() - start;
      }
    }
    return bytes / (Latency.of(nanos).p50() * 1e3);
  }
}
