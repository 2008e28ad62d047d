package jaxon.collective.reduce;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;

/// Native memory by address.
///
/// Ranks read each other's memory and the buffers of the transport, which no segment of the caller
/// covers; who names an address answers for it.
public final class NativeMemory {
  /// The whole address space: an offset in it is an address.
  @SuppressWarnings("restricted") // The one place where memory is taken by address alone.
  public static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  private NativeMemory() {}

  public static void copy(long source, long target, long bytes) {
    MemorySegment.copy(ALL, source, ALL, target, bytes);
  }

  public static void zero(long target, long bytes) {
    ALL.asSlice(target, bytes).fill((byte) 0);
  }

  /// A view of `bytes` at `address`, for the parts of the JDK that know only buffers.
  public static ByteBuffer buffer(long address, int bytes) {
    return ALL.asSlice(address, bytes).asByteBuffer();
  }

  static float f32(long address) {
    return ALL.get(ValueLayout.JAVA_FLOAT_UNALIGNED, address);
  }

  static void f32(long address, float value) {
    ALL.set(ValueLayout.JAVA_FLOAT_UNALIGNED, address, value);
  }

  static short i16(long address) {
    return ALL.get(ValueLayout.JAVA_SHORT_UNALIGNED, address);
  }

  static void i16(long address, short value) {
    ALL.set(ValueLayout.JAVA_SHORT_UNALIGNED, address, value);
  }
}
