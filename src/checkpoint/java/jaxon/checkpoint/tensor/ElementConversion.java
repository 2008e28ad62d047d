package jaxon.checkpoint.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jaxon.graph.type.Bf16;
import jaxon.graph.type.DType;

/// Converts float elements in memory, each to the nearest one of the other type, ties to even.
public final class ElementConversion {
  private ElementConversion() {}

  /// Converts `count` elements of one float type to another.
  public static void convert(
      MemorySegment source, DType from, MemorySegment target, DType to, long count) {
    if (from == to) {
      MemorySegment.copy(source, 0, target, 0, count * from.bytes());
      return;
    }
    if (!from.isFloat() || !to.isFloat()) {
      throw new IllegalArgumentException("no conversion from " + from + " to " + to);
    }
    for (long i = 0; i < count; i++) {
      set(target, to, i, get(source, from, i));
    }
  }

  /// A float element as a double; exact.
  public static double get(MemorySegment source, DType dtype, long index) {
    return switch (dtype) {
      case F64 -> source.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, index * 8);
      case F32 -> source.get(ValueLayout.JAVA_FLOAT_UNALIGNED, index * 4);
      case BF16 -> Bf16.toFloat(source.get(ValueLayout.JAVA_SHORT_UNALIGNED, index * 2));
      case F16 -> Float.float16ToFloat(source.get(ValueLayout.JAVA_SHORT_UNALIGNED, index * 2));
      case I1, I8, I32, I64, UI8, UI32, UI64 ->
          throw new IllegalArgumentException(dtype + " is no float type");
    };
  }

  private static void set(MemorySegment target, DType dtype, long index, double value) {
    switch (dtype) {
      case F64 -> target.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, index * 8, value);
      case F32 -> target.set(ValueLayout.JAVA_FLOAT_UNALIGNED, index * 4, (float) value);
      case BF16 -> target.set(ValueLayout.JAVA_SHORT_UNALIGNED, index * 2, Bf16.fromDouble(value));
      case F16 ->
          target.set(
              ValueLayout.JAVA_SHORT_UNALIGNED,
              index * 2,
              Float.floatToFloat16((float) dtype.round(value)));
      case I1, I8, I32, I64, UI8, UI32, UI64 ->
          throw new IllegalArgumentException(dtype + " is no float type");
    }
  }
}
