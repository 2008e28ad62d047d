package jaxon.nd4j;

import static jaxon.nd4j.HostMemory.ALL;
import static jaxon.nd4j.HostMemory.FLOAT;

/// The maximum or minimum of each row of a float32 tensor, NaN if the row has one; ND4J's drops
/// NaN.
final class RowExtreme implements Kernel {
  private final boolean isMax;
  private final Tensor source;
  private final Tensor result;
  private final Workers workers;

  /// @param source its last dim is folded; others may have any strides
  /// @param result dense, without the last dim
  RowExtreme(boolean isMax, Tensor source, Tensor result, Workers workers) {
    this.isMax = isMax;
    this.source = source;
    this.result = result;
    this.workers = workers;
  }

  @Override
  public void run() {
    workers.split(
        result.view().elements(),
        source.view().elements() * 4,
        (from, to) -> {
          Lanes lanes = Lanes.ofThread();
          for (long row = from; row < to; row++) {
            ALL.set(FLOAT, result.address() + row * 4, one(lanes, address(row)));
          }
        });
  }

  private long address(long row) {
    View view = source.view();
    long address = source.address();
    long rest = row;
    for (int dim = view.shape().rank() - 2; dim >= 0; dim--) {
      address += rest % view.dim(dim) * view.stride(dim) * 4;
      rest /= view.dim(dim);
    }
    return address;
  }

  private float one(Lanes lanes, long address) {
    int last = source.view().shape().rank() - 1;
    long columns = source.view().dim(last);
    long stride = source.view().stride(last);
    int width = (int) Math.min(columns, Lanes.CHUNK);
    float[] best = lanes.loadFloats(0, address, stride, width);
    for (long start = width; start < columns; start += Lanes.CHUNK) {
      int count = (int) Math.min(Lanes.CHUNK, columns - start);
      combine(best, lanes.loadFloats(1, address + start * stride * 4, stride, count), count);
    }
    return fold(lanes, best, width);
  }

  /// Halves the row until one element is left; each step is a loop over two arrays.
  private float fold(Lanes lanes, float[] best, int width) {
    int count = width;
    float[] upper = lanes.floats(1);
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
