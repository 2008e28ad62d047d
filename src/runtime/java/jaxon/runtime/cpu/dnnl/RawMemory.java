package jaxon.runtime.cpu.dnnl;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jaxon.graph.type.Bf16;
import jaxon.graph.type.DType;
import jaxon.runtime.host.HostMemory;

/// Elements by address.
final class RawMemory {
  private static final MemorySegment ALL = HostMemory.ALL;

  private RawMemory() {}

  /// The element at `address` as a double, which holds any of these types exactly.
  static double get(DType dtype, long address) {
    return switch (dtype) {
      case F32 -> ALL.get(ValueLayout.JAVA_FLOAT_UNALIGNED, address);
      case BF16 -> Bf16.toFloat(ALL.get(ValueLayout.JAVA_SHORT_UNALIGNED, address));
      case F16 -> Float.float16ToFloat(ALL.get(ValueLayout.JAVA_SHORT_UNALIGNED, address));
      case F64 -> ALL.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, address);
      case I8 -> ALL.get(ValueLayout.JAVA_BYTE, address);
      case UI8 -> ALL.get(ValueLayout.JAVA_BYTE, address) & 0xFF;
      case I32 -> ALL.get(ValueLayout.JAVA_INT_UNALIGNED, address);
      case I1, I64, UI32, UI64 ->
          throw new UnsupportedOperationException("no products of element type " + dtype);
    };
  }

  /// Stores `value` at `address`, rounded to nearest even.
  static void set(DType dtype, long address, double value) {
    switch (dtype) {
      case F32 -> ALL.set(ValueLayout.JAVA_FLOAT_UNALIGNED, address, (float) value);
      case BF16 -> ALL.set(ValueLayout.JAVA_SHORT_UNALIGNED, address, Bf16.fromDouble(value));
      case F16 ->
          ALL.set(ValueLayout.JAVA_SHORT_UNALIGNED, address, Float.floatToFloat16((float) value));
      case F64 -> ALL.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, address, value);
      case I8, UI8 -> ALL.set(ValueLayout.JAVA_BYTE, address, (byte) (long) value);
      case I32 -> ALL.set(ValueLayout.JAVA_INT_UNALIGNED, address, (int) (long) value);
      case I1, I64, UI32, UI64 ->
          throw new UnsupportedOperationException("no products of element type " + dtype);
    }
  }
}
