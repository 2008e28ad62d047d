package jaxon.runtime.cpu.loop;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Memory access of generated code.
public final class LaneMemory {
  /// All of the address space: offsets into this segment are addresses.
  @SuppressWarnings("restricted") // kernels address memory that the memory plan owns and bounds
  public static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  public static final ByteOrder ORDER = ByteOrder.nativeOrder();
  public static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
  public static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
  public static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  public static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
  public static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  public static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED;

  private static final long LOW_BITS = 0x0101_0101_0101_0101L;

  private LaneMemory() {}

  /// `count` (at most 64) bools from `at` on as bits.
  public static long bits(long at, long count) {
    long bits = 0;
    long i = 0;
    for (; i <= count - 8; i += 8) {
      bits |= Long.compress(ALL.get(LONG, at + i), LOW_BITS) << i;
    }
    for (; i < count; i++) {
      bits |= (ALL.get(BYTE, at + i) & 1L) << i;
    }
    return bits;
  }

  /// Writes `count` bits as bools.
  public static void putBits(long at, long bits, long count) {
    long i = 0;
    for (; i <= count - 8; i += 8) {
      ALL.set(LONG, at + i, Long.expand(bits >>> i, LOW_BITS));
    }
    for (; i < count; i++) {
      ALL.set(BYTE, at + i, (byte) (bits >>> i & 1));
    }
  }

  /// Collects `count` elements of `width` bytes that lie `step` bytes apart; returns `to`.
  public static long gather(long to, long from, long step, long count, int width) {
    for (long i = 0; i < count; i++) {
      long source = from + i * step;
      switch (width) {
        case 1 -> ALL.set(BYTE, to + i, ALL.get(BYTE, source));
        case 2 -> ALL.set(SHORT, to + 2 * i, ALL.get(SHORT, source));
        case 4 -> ALL.set(INT, to + 4 * i, ALL.get(INT, source));
        default -> ALL.set(LONG, to + 8 * i, ALL.get(LONG, source));
      }
    }
    return to;
  }
}
