package jaxon.nd4j;

import java.util.stream.IntStream;

/// Runs the Java loops of host kernels on several threads.
///
/// Work is cut by position, never by who is free, so results do not depend on timing.
final class Workers {
  /// Below this many bytes a second thread costs more than it gives.
  private static final long GRAIN = 64 * 1024;

  /// The calling thread alone.
  static final Workers ONE = new Workers(1);

  private volatile int threads;

  Workers(int threads) {
    this.threads = threads;
  }

  void setThreads(int count) {
    threads = count;
  }

  int threads() {
    return threads;
  }

  /// Runs `body` on consecutive ranges that cover `0..count`; `bytes` is what all of it touches.
  void split(long count, long bytes, Range body) {
    int parts = (int) Math.max(1, Math.min(Math.min(threads, count), bytes / GRAIN));
    if (parts == 1) {
      body.run(0, count);
      return;
    }
    IntStream.range(0, parts)
        .parallel()
        .forEach(part -> body.run(count * part / parts, count * (part + 1) / parts));
  }

  /// Work on the numbers `from` to below `to`.
  @FunctionalInterface
  interface Range {
    void run(long from, long to);
  }
}
