package jaxon.runtime.cpu.attention;

import jaxon.graph.type.Bf16;
import jaxon.graph.type.DType;
import jaxon.runtime.cpu.tile.Lanes;
import jaxon.runtime.host.HostMemory;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/// Dot products of rows of `width` elements.
record RowDots(DType dtype, int width) {
  private static final int FLOAT = Float.BYTES;

  float dot(long a, long b) {
    int whole = width / Lanes.COUNT * Lanes.COUNT;
    float sum = dtype == DType.BF16 ? bf16(a, b, whole) : f32(a, b, whole);
    for (int j = whole; j < width; j++) {
      sum += element(a, j) * element(b, j);
    }
    return sum;
  }

  private static float bf16(long a, long b, int whole) {
    FloatVector sum = FloatVector.zero(Lanes.F32);
    for (int j = 0; j < whole; j += Lanes.COUNT) {
      long at = (long) j * Short.BYTES;
      sum = Lanes.loadBf16(a + at).fma(Lanes.loadBf16(b + at), sum);
    }
    return sum.reduceLanes(VectorOperators.ADD);
  }

  private static float f32(long a, long b, int whole) {
    FloatVector sum = FloatVector.zero(Lanes.F32);
    for (int j = 0; j < whole; j += Lanes.COUNT) {
      long at = (long) j * FLOAT;
      sum = Lanes.load(a + at).fma(Lanes.load(b + at), sum);
    }
    return sum.reduceLanes(VectorOperators.ADD);
  }

  private float element(long row, int j) {
    return dtype == DType.BF16
        ? Bf16.toFloat(HostMemory.ALL.get(HostMemory.SHORT, row + (long) j * Short.BYTES))
        : HostMemory.ALL.get(HostMemory.FLOAT, row + (long) j * FLOAT);
  }
}
