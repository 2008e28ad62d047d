package jaxon.runtime.host;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Locale;
import java.util.Optional;

/// Memory straight from Linux (`mmap`), with the request for huge pages (`madvise`).
final class LinuxPages {
  /// Size of a huge page on x86-64, and on arm64 with small pages of 4 KiB.
  static final long HUGE = 2L << 20;

  /// Size of a page on x86-64.
  private static final long PAGE = 4096;

  private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;

  // From the Linux headers: PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, MADV_HUGEPAGE.
  private static final int READ_WRITE = 3;
  private static final int PRIVATE_ANONYMOUS = 0x22;
  private static final int HUGE_PAGES = 14;

  private static final Optional<LinuxPages> SHARED =
      System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("linux")
          ? Optional.of(new LinuxPages())
          : Optional.empty();

  private final MethodHandle mmap =
      handle("mmap", FunctionDescriptor.of(WORD, WORD, WORD, INT, INT, INT, WORD));
  private final MethodHandle munmap = handle("munmap", FunctionDescriptor.of(INT, WORD, WORD));
  private final MethodHandle madvise =
      handle("madvise", FunctionDescriptor.of(INT, WORD, WORD, INT));

  private LinuxPages() {}

  /// The calls, if this is Linux.
  static Optional<LinuxPages> get() {
    return SHARED;
  }

  /// A mapping and the first huge page in it.
  record Mapping(long start, long size, long aligned) {}

  /// Maps zeroed memory with room for `bytes` from a huge page's start on. What does not fill a
  /// huge page at the end lies on small ones, so that no more becomes resident than was asked for.
  Mapping map(long bytes) {
    long room = Math.ceilDiv(bytes, PAGE) * PAGE;
    long size = room + HUGE;
    try {
      long start = (long) mmap.invokeExact(0L, size, READ_WRITE, PRIVATE_ANONYMOUS, -1, 0L);
      if (start == -1) {
        throw new OutOfMemoryError("the system has no " + bytes + " bytes of memory left");
      }
      long aligned = Math.ceilDiv(start, HUGE) * HUGE;
      // Advice only: without huge pages the memory is the same, but slower.
      int _ = (int) madvise.invokeExact(aligned, room / HUGE * HUGE, HUGE_PAGES);
      return new Mapping(start, size, aligned);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("mmap", e);
    }
  }

  void unmap(Mapping mapping) {
    try {
      int failed = (int) munmap.invokeExact(mapping.start, mapping.size);
      if (failed != 0) {
        throw new IllegalStateException("munmap refused " + mapping);
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("munmap", e);
    }
  }

  @SuppressWarnings("restricted") // the fence: this class is the only caller of these functions
  private static MethodHandle handle(String name, FunctionDescriptor type) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type);
  }
}
