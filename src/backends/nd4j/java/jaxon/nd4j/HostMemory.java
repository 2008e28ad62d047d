package jaxon.nd4j;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;

/// Raw access to the process's memory by address; the one place that lifts Java's bounds.
///
/// Addresses come from [MemoryPool] and from arenas, whose owners keep them alive while kernels
/// run.
final class HostMemory {
  /// All of the address space: offsets into this segment are addresses.
  @SuppressWarnings("restricted") // kernels address memory that other objects own and bound
  static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
  static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
  static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
  static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED;

  private HostMemory() {}

  static void copy(long from, long to, long bytes) {
    MemorySegment.copy(ALL, from, ALL, to, bytes);
  }

  /// Copies a Java array of the dtype's storage class (see [jaxon.graph.type.Literal#wrap]) to
  /// memory.
  static void write(Object storage, long address) {
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
  static Literal read(TensorType type, long address) {
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
