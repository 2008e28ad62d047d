package jaxon.runtime.kernel;

import static jaxon.runtime.host.HostMemory.ALL;
import static jaxon.runtime.host.HostMemory.BYTE;
import static jaxon.runtime.host.HostMemory.DOUBLE;
import static jaxon.runtime.host.HostMemory.FLOAT;
import static jaxon.runtime.host.HostMemory.INT;
import static jaxon.runtime.host.HostMemory.LONG;
import static jaxon.runtime.host.HostMemory.SHORT;

import jaxon.graph.type.Bf16;
import jaxon.graph.type.DType;

/// Moves of elements between memory and arrays of the widest type of their kind, without a rounding
/// but the one of a store.
final class Elements {
  private Elements() {}

  /// Loads `count` elements of a float `dtype`, `stride` elements apart.
  static void load(DType dtype, long address, long stride, double[] lane, int count) {
    long step = stride * dtype.bytes();
    switch (dtype) {
      case F64 -> {
        for (int i = 0; i < count; i++) {
          lane[i] = ALL.get(DOUBLE, address + i * step);
        }
      }
      case F32 -> {
        for (int i = 0; i < count; i++) {
          lane[i] = ALL.get(FLOAT, address + i * step);
        }
      }
      case BF16 -> {
        for (int i = 0; i < count; i++) {
          lane[i] = Bf16.toFloat(ALL.get(SHORT, address + i * step));
        }
      }
      case F16 -> {
        for (int i = 0; i < count; i++) {
          lane[i] = Float.float16ToFloat(ALL.get(SHORT, address + i * step));
        }
      }
      case I1, I8, I32, I64, UI8, UI32, UI64 -> throw notFloat(dtype);
    }
  }

  /// Stores `count` elements next to each other, each rounded to a float `dtype`.
  static void store(DType dtype, double[] lane, long address, int count) {
    switch (dtype) {
      case F64 -> {
        for (int i = 0; i < count; i++) {
          ALL.set(DOUBLE, address + i * 8L, lane[i]);
        }
      }
      case F32 -> {
        for (int i = 0; i < count; i++) {
          ALL.set(FLOAT, address + i * 4L, (float) lane[i]);
        }
      }
      case BF16 -> {
        for (int i = 0; i < count; i++) {
          ALL.set(SHORT, address + i * 2L, Bf16.fromDouble(lane[i]));
        }
      }
      case F16 -> {
        for (int i = 0; i < count; i++) {
          float rounded = (float) DType.F16.round(lane[i]);
          ALL.set(SHORT, address + i * 2L, Float.floatToFloat16(rounded));
        }
      }
      case I1, I8, I32, I64, UI8, UI32, UI64 -> throw notFloat(dtype);
    }
  }

  /// Loads `count` elements of an integer or bool `dtype`, `stride` elements apart; `ui64` as the
  /// longs with the same bits.
  static void load(DType dtype, long address, long stride, long[] lane, int count) {
    long step = stride * dtype.bytes();
    switch (dtype) {
      case I1, I8 -> {
        for (int i = 0; i < count; i++) {
          lane[i] = ALL.get(BYTE, address + i * step);
        }
      }
      case UI8 -> {
        for (int i = 0; i < count; i++) {
          lane[i] = ALL.get(BYTE, address + i * step) & 0xFF;
        }
      }
      case I32 -> {
        for (int i = 0; i < count; i++) {
          lane[i] = ALL.get(INT, address + i * step);
        }
      }
      case UI32 -> {
        for (int i = 0; i < count; i++) {
          lane[i] = ALL.get(INT, address + i * step) & 0xFFFF_FFFFL;
        }
      }
      case I64, UI64 -> {
        for (int i = 0; i < count; i++) {
          lane[i] = ALL.get(LONG, address + i * step);
        }
      }
      case BF16, F16, F32, F64 -> throw new IllegalArgumentException(dtype + " is no integer");
    }
  }

  /// Stores the low bits of `count` elements next to each other.
  static void store(DType dtype, long[] lane, long address, int count) {
    switch (dtype.bytes()) {
      case 1 -> {
        for (int i = 0; i < count; i++) {
          ALL.set(BYTE, address + i, (byte) lane[i]);
        }
      }
      case 4 -> {
        for (int i = 0; i < count; i++) {
          ALL.set(INT, address + i * 4L, (int) lane[i]);
        }
      }
      case 8 -> {
        for (int i = 0; i < count; i++) {
          ALL.set(LONG, address + i * 8L, lane[i]);
        }
      }
      default -> throw new IllegalArgumentException(dtype + " is no integer");
    }
  }

  private static IllegalArgumentException notFloat(DType dtype) {
    return new IllegalArgumentException(dtype + " is no float");
  }
}
