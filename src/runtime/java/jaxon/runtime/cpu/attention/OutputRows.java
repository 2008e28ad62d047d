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
    int whole = width / Lanes.COUNT * Lanes.COUNT;
    for (int j = 0; j < whole; j += Lanes.COUNT) {
      FloatVector x = Lanes.load(row + (long) j * FLOAT).mul(factor);
      if (dtype == DType.BF16) {
        Lanes.storeBf16(x, target + (long) j * Short.BYTES);
      } else {
        Lanes.store(x, target + (long) j * FLOAT);
      }
    }
    for (int j = whole; j < width; j++) {
      float x = HostMemory.ALL.get(HostMemory.FLOAT, row + (long) j * FLOAT) * factor;
      if (dtype == DType.BF16) {
        HostMemory.ALL.set(HostMemory.SHORT, target + (long) j * Short.BYTES, Bf16.fromFloat(x));
      } else {
        HostMemory.ALL.set(HostMemory.FLOAT, target + (long) j * FLOAT, x);
      }
    }
  }
}
