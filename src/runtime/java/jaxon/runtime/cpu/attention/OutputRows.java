package jaxon.runtime.cpu.attention;

import jaxon.graph.type.Bf16;
import jaxon.graph.type.DType;
import jaxon.runtime.cpu.tile.Lanes;
import jaxon.runtime.host.HostMemory;
import jdk.incubator.vector.FloatVector;

/// Writes accumulated rows to their place in a result.
///
/// @param width elements of a row
/// @param stride floats of a row in scratch memory, whole vectors
/// @param dtype type of the result
record OutputRows(int width, int stride, DType dtype) {
  private static final int FLOAT = Float.BYTES;

  /// `target = row · factor`.
  void write(long row, float factor, long target) {
    if (dtype == DType.BF16) {
      writeBf16(row, factor, target);
    } else {
      writeFloats(row, factor, target);
    }
  }

  private void writeFloats(long row, float factor, long target) {
    int j = 0;
    for (; j + Lanes.COUNT <= width; j += Lanes.COUNT) {
      Lanes.store(Lanes.load(row + (long) j * FLOAT).mul(factor), target + (long) j * FLOAT);
    }
    for (; j < width; j++) {
      float x = HostMemory.ALL.get(HostMemory.FLOAT, row + (long) j * FLOAT) * factor;
      HostMemory.ALL.set(HostMemory.FLOAT, target + (long) j * FLOAT, x);
    }
  }

  private void writeBf16(long row, float factor, long target) {
    int j = 0;
    for (; j + Lanes.COUNT <= width; j += Lanes.COUNT) {
      FloatVector x = Lanes.load(row + (long) j * FLOAT).mul(factor);
      Lanes.storeBf16(x, target + (long) j * Short.BYTES);
    }
    for (; j < width; j++) {
      float x = HostMemory.ALL.get(HostMemory.FLOAT, row + (long) j * FLOAT) * factor;
      HostMemory.ALL.set(HostMemory.SHORT, target + (long) j * Short.BYTES, Bf16.fromFloat(x));
    }
  }
}
