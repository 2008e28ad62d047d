package jaxon.runtime.cpu.loop;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jaxon.runtime.host.HostMemory;

/// Memory access of generated code.
public final class LaneMemory {
  /// All of the address space: offsets into this segment are addresses.
  public static final MemorySegment ALL = HostMemory.ALL;

  public static final ByteOrder ORDER = ByteOrder.nativeOrder();
  public static final ValueLayout.OfByte BYTE = HostMemory.BYTE;
  public static final ValueLayout.OfShort SHORT = HostMemory.SHORT;
  public static final ValueLayout.OfInt INT = HostMemory.INT;
  public static final ValueLayout.OfLong LONG = HostMemory.LONG;
  public static final ValueLayout.OfFloat FLOAT = HostMemory.FLOAT;
  public static final ValueLayout.OfDouble DOUBLE = HostMemory.DOUBLE;

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
