package jaxon.nd4j;

import static jaxon.nd4j.HostMemory.ALL;
import static jaxon.nd4j.HostMemory.FLOAT;

/// The maximum or minimum of each row of a float32 tensor, NaN if the row has one; ND4J's drops
/// NaN.
///
/// @param isMax false for the minimum
record RowExtreme(boolean isMax, Rows rows) implements Kernel {
  @Override
  public void run() {
    rows.forEach((row, target) -> ALL.set(FLOAT, target, fold(row)));
  }

  private float fold(long row) {
    Lanes lanes = Lanes.ofThread();
    long columns = rows.columns();
    long stride = rows.stepBytes() / Float.BYTES;
    int width = (int) Math.min(columns, Lanes.CHUNK);
    float[] best = lanes.loadFloats(0, row, stride, width);
    for (long start = width; start < columns; start += Lanes.CHUNK) {
      int count = (int) Math.min(Lanes.CHUNK, columns - start);
      combine(best, lanes.loadFloats(1, row + start * rows.stepBytes(), stride, count), count);
    }
    return halve(best, lanes.floats(1), width);
  }

  /// Halves the row until one element is left; each step is a loop over two arrays.
  private float halve(float[] best, float[] upper, int width) {
    int count = width;
    while (count > 1) {
      int half = count / 2;
      System.arraycopy(best, count - half, upper, 0, half);
      combine(best, upper, half);
      count -= half;
    }
    return best[0];
  }

  private void combine(float[] best, float[] other, int count) {
    if (isMax) {
      FloatLoops.maximum(best, other, best, count);
    } else {
      FloatLoops.minimum(best, other, best, count);
    }
  }
}
