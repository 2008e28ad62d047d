package jaxon.runtime.kernel;

import static jaxon.runtime.host.HostMemory.ALL;
import static jaxon.runtime.host.HostMemory.FLOAT;

/// The maximum or minimum of each row of a float32 tensor, NaN if the row has one.
///
/// @param isMax false for the minimum
public record RowExtreme(boolean isMax) implements Rows.Fold {
  @Override
  public void run(long row, long stepBytes, long columns, long target) {
    Lanes lanes = Lanes.ofThread();
    long stride = stepBytes / Float.BYTES;
    int width = (int) Math.min(columns, Lanes.CHUNK);
    float[] best = lanes.loadFloats(0, row, stride, width);
    for (long start = width; start < columns; start += Lanes.CHUNK) {
      int count = (int) Math.min(Lanes.CHUNK, columns - start);
      combine(best, lanes.loadFloats(1, row + start * stepBytes, stride, count), count);
    }
    ALL.set(FLOAT, target, halve(best, lanes.floats(1), width));
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
