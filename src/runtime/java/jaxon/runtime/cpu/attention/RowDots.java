package jaxon.runtime.cpu.attention;

import jaxon.graph.type.Bf16;
import jaxon.graph.type.DType;
import jaxon.runtime.cpu.tile.Lanes;
import jaxon.runtime.host.HostMemory;
import jdk.incubator.vector.FloatVector;

/// Dot products of rows of `width` elements.
record RowDots(DType dtype, int width) {
  private static final int FLOAT = Float.BYTES;

  /// @param spare memory for one vector
  float dot(long a, long b, long spare) {
    int whole = width / Lanes.COUNT * Lanes.COUNT;
    if (dtype == DType.BF16) {
      bf16(a, b, whole, spare);
    } else {
      f32(a, b, whole, spare);
    }
    float sum = Lanes.sum(spare);
    for (int j = whole; j < width; j++) {
      sum += element(a, j) * element(b, j);
    }
    return sum;
  }

  private static void bf16(long a, long b, int whole, long spare) {
    FloatVector sum = FloatVector.zero(Lanes.F32);
    for (int j = 0; j < whole; j += Lanes.COUNT) {
      long at = (long) j * Short.BYTES;
      sum = Lanes.loadBf16(a + at).fma(Lanes.loadBf16(b + at), sum);
    }
    Lanes.store(sum, spare);
  }

  private static void f32(long a, long b, int whole, long spare) {
    FloatVector sum = FloatVector.zero(Lanes.F32);
    for (int j = 0; j < whole; j += Lanes.COUNT) {
      long at = (long) j * FLOAT;
      sum = Lanes.load(a + at).fma(Lanes.load(b + at), sum);
    }
    Lanes.store(sum, spare);
  }

  private float element(long row, int j) {
    return dtype == DType.BF16
        ? Bf16.toFloat(HostMemory.ALL.get(HostMemory.SHORT, row + (long) j * Short.BYTES))
        : HostMemory.ALL.get(HostMemory.FLOAT, row + (long) j * FLOAT);
  }
}
