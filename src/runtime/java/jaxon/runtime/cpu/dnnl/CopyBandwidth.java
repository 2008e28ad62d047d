package jaxon.runtime.cpu.dnnl;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import jaxon.runtime.host.WorkerPool;

/// How fast all threads of a pool copy memory that fits no cache: the limit of elementwise work.
public final class CopyBandwidth {
  /// 1 GiB in all, half of it read and half of it written.
  private static final long BYTES = 1L << 29;

  private static final long PIECE = 1L << 20;
  private static final long ALIGNMENT = 4096;

  private CopyBandwidth() {}

  /// The best rate within `seconds`, in bytes read plus bytes written per second.
  public static double measure(double seconds, WorkerPool pool) {
    return measure(seconds, BYTES, pool);
  }

  /// The same for a block of `bytes`.
  static double measure(double seconds, long bytes, WorkerPool pool) {
    if (!(seconds > 0)) {
      throw new IllegalArgumentException("seconds to measure must be > 0, got " + seconds);
    }
    try (Arena arena = Arena.ofShared()) {
      MemorySegment from = arena.allocate(bytes, ALIGNMENT).fill((byte) 1);
      MemorySegment to = arena.allocate(bytes, ALIGNMENT);
      WorkerPool.Task copy =
          (index, worker) -> {
            long at = index * PIECE;
            MemorySegment.copy(from, at, to, at, Math.min(PIECE, bytes - at));
          };
      int pieces = Math.toIntExact(Math.ceilDiv(bytes, PIECE));
      long fastest = Long.MAX_VALUE;
      long end = System.nanoTime() + (long) (seconds * 1e9);
      do {
        long start = System.nanoTime();
        pool.run(pieces, copy);
        fastest = Math.min(fastest, System.nanoTime() - start);
      } while (System.nanoTime() < end);
      return 2 * bytes * 1e9 / Math.max(1, fastest);
    }
  }
}
