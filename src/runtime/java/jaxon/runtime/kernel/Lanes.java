package jaxon.runtime.kernel;

import static jaxon.runtime.host.HostMemory.ALL;
import static jaxon.runtime.host.HostMemory.FLOAT;
import static jaxon.runtime.host.HostMemory.INT;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// Scratch arrays of one thread, and the moves of strided elements between memory and them.
public final class Lanes {
  /// Elements per chunk: a few chunks of any type fit the first-level cache.
  static final int CHUNK = 1024;

  /// Tensors that one loop may walk.
  static final int MOST_TENSORS = 8;

  private static final ThreadLocal<Lanes> OF_THREAD = ThreadLocal.withInitial(Lanes::new);

  private final float[][] floats = new float[3][CHUNK];
  private final int[][] ints = new int[6][CHUNK];
  private final long[] addresses = new long[MOST_TENSORS];

  private Lanes() {}

  static Lanes ofThread() {
    return OF_THREAD.get();
  }

  /// Scratch for the addresses of a chunk.
  long[] addresses() {
    return addresses;
  }

  /// Scratch for float32 operand `index`.
  float[] floats(int index) {
    return floats[index];
  }

  /// Scratch for 32-bit integer operand `index`.
  int[] ints(int index) {
    return ints[index];
  }

  /// Operand `index` as floats: `count` elements from `address`, `stride` elements apart.
  float[] loadFloats(int index, long address, long stride, int count) {
    float[] lane = floats[index];
    if (stride == 1) {
      MemorySegment.copy(ALL, FLOAT, address, lane, 0, count);
    } else if (stride == 0) {
      Arrays.fill(lane, 0, count, ALL.get(FLOAT, address));
    } else {
      for (int i = 0; i < count; i++) {
        lane[i] = ALL.get(FLOAT, address + i * stride * 4);
      }
    }
    return lane;
  }

  /// Operand `index` as 32-bit integers: `count` elements from `address`, `stride` elements apart.
  int[] loadInts(int index, long address, long stride, int count) {
    int[] lane = ints[index];
    if (stride == 1) {
      MemorySegment.copy(ALL, INT, address, lane, 0, count);
    } else if (stride == 0) {
      Arrays.fill(lane, 0, count, ALL.get(INT, address));
    } else {
      for (int i = 0; i < count; i++) {
        lane[i] = ALL.get(INT, address + i * stride * 4);
      }
    }
    return lane;
  }

  static void store(float[] lane, long address, int count) {
    MemorySegment.copy(lane, 0, ALL, FLOAT, address, count);
  }

  static void store(int[] lane, long address, int count) {
    MemorySegment.copy(lane, 0, ALL, INT, address, count);
  }
}
