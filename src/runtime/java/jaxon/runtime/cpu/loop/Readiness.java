package jaxon.runtime.cpu.loop;

import java.util.concurrent.CountDownLatch;

/// Whether generated code has been rehearsed.
final class Readiness {
  private final CountDownLatch latch = new CountDownLatch(1);

  void reached() {
    latch.countDown();
  }

  /// Returns when it has been; at once from then on, and without allocating.
  void await() {
    if (latch.getCount() == 0) {
      return;
    }
    try {
      latch.await();
    } catch (InterruptedException _) {
      // Code that is not compiled yet is only slower.
      Thread.currentThread().interrupt();
    }
  }
}
