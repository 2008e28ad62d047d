package jaxon.trainer.profile;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.IntStream;
import jaxon.runtime.host.WorkerPool;

/// How fast memory can be copied: bytes read and bytes written both count.
final class CopyBandwidth {
  /// Bytes that one thread copies: beyond every cache.
  private static final int PART = 1 << 27;

  private CopyBandwidth() {}

  /// 10^9 bytes a second of the fastest of `tries` copies by `threads` threads together.
  static double measure(int threads, int tries) {
    List<ByteBuffer> from = buffers(threads, (byte) 1);
    List<ByteBuffer> to = buffers(threads, (byte) 2);
    double bytes = 2.0 * threads * PART;
    double best = 0;
    try (WorkerPool pool = new WorkerPool(threads)) {
      for (int i = 0; i < tries; i++) {
        long start = System.nanoTime();
        pool.run(threads, (part, _) -> to.get(part).put(0, from.get(part), 0, PART));
        best = Math.max(best, bytes / (System.nanoTime() - start));
      }
    }
    return best;
  }

  /// Outside the heap, which would not shrink again; touched, since untouched pages are all one
  /// page of zeros.
  private static List<ByteBuffer> buffers(int count, byte value) {
    return IntStream.range(0, count)
        .mapToObj(_ -> {
          ByteBuffer buffer = ByteBuffer.allocateDirect(PART);
          for (int i = 0; i < PART; i += 512) {
            buffer.put(i, value);
          }
          return buffer;
        })
        .toList();
  }
}
