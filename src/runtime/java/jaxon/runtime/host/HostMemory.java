package jaxon.runtime.host;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;

/// Raw access to the process's memory by address; the one place that lifts Java's bounds.
///
/// Addresses come from [MemoryPool] and from arenas, whose owners keep them alive while kernels
/// run.
public final class HostMemory {
  /// All of the address space: offsets into this segment are addresses.
  @SuppressWarnings("restricted") // kernels address memory that other objects own and bound
  public static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  public static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
  public static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
  public static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  public static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
  public static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  public static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED;

  /// Pieces that stay in the first-level cache; a multiple of every element's width.
  private static final long FILL_PIECE = 8192;

  private HostMemory() {}

  public static void copy(long from, long to, long bytes) {
    MemorySegment.copy(ALL, from, ALL, to, bytes);
  }

  /// Sets `count` elements of `width` bytes from `to` on to the element at `from`.
  public static void fill(long from, long to, int width, long count) {
    long bytes = count * width;
    if (bytes == 0) {
      return;
    }
    copy(from, to, width);
    // What is written already is the source of the next piece, twice as long each time.
    long done = width;
    while (done < bytes) {
      long piece = Math.min(Math.min(done, FILL_PIECE), bytes - done);
      copy(to, to + done, piece);
      done += piece;
    }
  }

  /// A Java array of a storage class as memory.
  public static MemorySegment segment(Object storage) {
    return switch (storage) {
      case float[] a -> MemorySegment.ofArray(a);
      case double[] a -> MemorySegment.ofArray(a);
      case short[] a -> MemorySegment.ofArray(a);
      case int[] a -> MemorySegment.ofArray(a);
      case long[] a -> MemorySegment.ofArray(a);
      case byte[] a -> MemorySegment.ofArray(a);
      default -> throw new IllegalArgumentException("not a storage array: " + storage.getClass());
    };
  }

  /// The memory of `bytes` at `address`.
  public static MemorySegment segment(long address, long bytes) {
    return ALL.asSlice(address, bytes);
  }

  /// Copies a Java array of the dtype's storage class (see [jaxon.graph.type.Literal#wrap]) to
  /// memory.
  public static void write(Object storage, long address) {
    switch (storage) {
      case float[] a -> MemorySegment.copy(a, 0, ALL, FLOAT, address, a.length);
      case double[] a -> MemorySegment.copy(a, 0, ALL, DOUBLE, address, a.length);
      case short[] a -> MemorySegment.copy(a, 0, ALL, SHORT, address, a.length);
      case int[] a -> MemorySegment.copy(a, 0, ALL, INT, address, a.length);
      case long[] a -> MemorySegment.copy(a, 0, ALL, LONG, address, a.length);
      case byte[] a -> MemorySegment.copy(a, 0, ALL, BYTE, address, a.length);
      default -> throw new IllegalArgumentException("not a storage array: " + storage.getClass());
    }
  }

  /// The dense tensor of `type` at `address`.
  public static Literal read(TensorType type, long address) {
    int elements = Math.toIntExact(type.shape().elements());
    Object storage = Literal.newStorage(type.dtype(), elements);
    read(address, storage);
    return Literal.wrap(type, storage);
  }

  /// Fills a Java array of a storage class from memory.
  private static void read(long address, Object storage) {
    switch (storage) {
      case float[] a -> MemorySegment.copy(ALL, FLOAT, address, a, 0, a.length);
      case double[] a -> MemorySegment.copy(ALL, DOUBLE, address, a, 0, a.length);
      case short[] a -> MemorySegment.copy(ALL, SHORT, address, a, 0, a.length);
      case int[] a -> MemorySegment.copy(ALL, INT, address, a, 0, a.length);
      case long[] a -> MemorySegment.copy(ALL, LONG, address, a, 0, a.length);
      case byte[] a -> MemorySegment.copy(ALL, BYTE, address, a, 0, a.length);
      default -> throw new IllegalArgumentException("not a storage array: " + storage.getClass());
    }
  }
}
