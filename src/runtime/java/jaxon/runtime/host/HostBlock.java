package jaxon.runtime.host;

import java.lang.foreign.Arena;
import java.util.Optional;

/// A block of memory outside the Java heap, zeroed at first; whoever holds it closes it.
///
/// Large blocks lie on huge pages where the system has them, because walking a matrix on small ones
/// costs a page-table walk every few rows.
public final class HostBlock implements AutoCloseable {
  /// Every block starts at a multiple of this: a cache line, and the widest vector.
  public static final long ALIGNMENT = 64;

  private final long address;
  private final long bytes;
  private final Runnable release;
  private boolean closed;

  private HostBlock(long address, long bytes, Runnable release) {
    this.address = address;
    this.bytes = bytes;
    this.release = release;
  }

  /// A block of `bytes`, at least 1.
  public static HostBlock allocate(long bytes) {
    Optional<LinuxPages> pages = bytes >= LinuxPages.HUGE ? LinuxPages.get() : Optional.empty();
    if (pages.isPresent()) {
      LinuxPages.Mapping mapping = pages.get().map(bytes);
      return new HostBlock(mapping.aligned(), bytes, () -> pages.get().unmap(mapping));
    }
    Arena arena = Arena.ofShared();
    return new HostBlock(arena.allocate(bytes, ALIGNMENT).address(), bytes, arena::close);
  }

  /// True when a block of `bytes` costs little until it is written: small, or pages that the system
  /// makes at the first touch.
  public static boolean isFreeUntilTouched(long bytes) {
    return bytes < LinuxPages.HUGE || LinuxPages.get().isPresent();
  }

  public long address() {
    return address;
  }

  public long bytes() {
    return bytes;
  }

  /// Frees the memory; closing twice does nothing.
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      release.run();
    }
  }
}
