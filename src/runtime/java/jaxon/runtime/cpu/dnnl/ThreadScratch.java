package jaxon.runtime.cpu.dnnl;

import java.lang.ref.Cleaner;
import java.util.concurrent.atomic.AtomicLong;
import jaxon.runtime.host.HostBlock;

/// Scratch memory of one thread, which all products use that it runs, one after the other.
///
/// A model has hundreds of products, of which each thread runs one at a time.
final class ThreadScratch {
  /// Scratch begins at a page.
  private static final long ALIGNMENT = 4096;

  private static final Cleaner CLEANER = Cleaner.create();
  private static final AtomicLong HELD = new AtomicLong();
  private static final ThreadLocal<ThreadScratch> MINE = new ThreadLocal<>();

  private final long address;
  private final long bytes;
  private final Cleaner.Cleanable block;

  private ThreadScratch(long bytes) {
    this.bytes = bytes;
    HostBlock taken = HostBlock.allocate(size(bytes));
    HELD.addAndGet(taken.bytes());
    address = Math.ceilDiv(taken.address(), ALIGNMENT) * ALIGNMENT;
    block = CLEANER.register(this, () -> free(taken));
  }

  private static void free(HostBlock block) {
    HELD.addAndGet(-block.bytes());
    block.close();
  }

  /// The address of at least `bytes` with any content, valid on this thread until it asks again.
  static long address(long bytes) {
    ThreadScratch mine = MINE.get();
    if (mine == null || mine.bytes < bytes) {
      if (mine != null) {
        mine.block.clean();
      }
      mine = new ThreadScratch(bytes);
      MINE.set(mine);
    }
    return mine.address;
  }

  /// What a thread holds so that it can give `bytes`.
  static long size(long bytes) {
    return bytes + ALIGNMENT;
  }

  /// Bytes that all threads hold; those of a thread that has ended count until they are collected.
  static long heldBytes() {
    return HELD.get();
  }
}
