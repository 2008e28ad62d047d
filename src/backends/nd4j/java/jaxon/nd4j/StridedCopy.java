package jaxon.nd4j;

import static jaxon.nd4j.HostMemory.ALL;
import static jaxon.nd4j.HostMemory.BYTE;
import static jaxon.nd4j.HostMemory.INT;
import static jaxon.nd4j.HostMemory.LONG;
import static jaxon.nd4j.HostMemory.SHORT;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Copies elements between two strided places of one shape, whatever their order.
///
/// Runs that are contiguous on both sides are block copies. Where the sides disagree about which
/// dim is contiguous, the two dims are walked in square tiles, so that both sides use whole cache
/// lines.
final class StridedCopy {
  private static final int TILE = 16;

  /// Sizes and byte strides; the last two dims are the plane that one unit of work lies in.
  private final long[] dims;

  private final long[] from;
  private final long[] to;
  private final int width;
  private final Workers workers;

  private StridedCopy(long[] dims, long[] from, long[] to, int width, Workers workers) {
    this.dims = dims;
    this.from = from;
    this.to = to;
    this.width = width;
    this.workers = workers;
  }

  /// A copy between views of one shape and dtype.
  static StridedCopy of(View source, View target, Workers workers) {
    int width = source.dtype().bytes();
    if (source.elements() == 0) {
      return new StridedCopy(new long[] {0, 0}, new long[2], new long[2], width, workers);
    }
    Walk walk = Walk.of(List.of(source, target));
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < walk.rank(); i++) {
      order.add(i);
    }
    // The source's contiguous dim goes next to the innermost one, if it is not that itself.
    int last = walk.rank() - 1;
    for (int i = 0; i < last - 1; i++) {
      if (walk.strides().getFirst().get(i) == 1) {
        Collections.swap(order, i, last - 1);
        break;
      }
    }
    int padding = Math.max(0, 2 - order.size());
    long[] dims = new long[order.size() + padding];
    long[] from = new long[dims.length];
    long[] to = new long[dims.length];
    dims[0] = 1;
    for (int i = 0; i < order.size(); i++) {
      dims[i + padding] = walk.dims().get(order.get(i));
      from[i + padding] = walk.strides().get(0).get(order.get(i)) * width;
      to[i + padding] = walk.strides().get(1).get(order.get(i)) * width;
    }
    return new StridedCopy(dims, from, to, width, workers);
  }

  /// Copies from the source's first element at `source` to the target's at `target`.
  void run(long source, long target) {
    long rows = dims[dims.length - 2];
    long columns = dims[dims.length - 1];
    long planes = 1;
    for (int i = 0; i < dims.length - 2; i++) {
      planes *= dims[i];
    }
    long bytes = planes * rows * columns * width;
    if (bytes == 0) {
      return;
    }
    if (planes * rows == 1 && isContiguous()) {
      workers.split(bytes, bytes, (lo, hi) -> HostMemory.copy(source + lo, target + lo, hi - lo));
      return;
    }
    long blocks = Math.ceilDiv(rows, (long) TILE);
    workers.split(
        planes * blocks,
        2 * bytes,
        (lo, hi) -> {
          for (long unit = lo; unit < hi; unit++) {
            block(source, target, unit / blocks, unit % blocks * TILE);
          }
        });
  }

  private boolean isContiguous() {
    return from[dims.length - 1] == width && to[dims.length - 1] == width;
  }

  /// Copies up to [#TILE] rows of one plane.
  private void block(long source, long target, long plane, long firstRow) {
    int row = dims.length - 2;
    int column = dims.length - 1;
    long s = source + firstRow * from[row];
    long t = target + firstRow * to[row];
    long rest = plane;
    for (int i = row - 1; i >= 0; i--) {
      s += rest % dims[i] * from[i];
      t += rest % dims[i] * to[i];
      rest /= dims[i];
    }
    int rows = (int) Math.min(TILE, dims[row] - firstRow);
    if (isContiguous()) {
      long bytes = dims[column] * width;
      for (int i = 0; i < rows; i++) {
        HostMemory.copy(s + i * from[row], t + i * to[row], bytes);
      }
      return;
    }
    for (long start = 0; start < dims[column]; start += TILE) {
      int columns = (int) Math.min(TILE, dims[column] - start);
      tile(s + start * from[column], t + start * to[column], rows, columns);
    }
  }

  private void tile(long source, long target, int rows, int columns) {
    long fromRow = from[dims.length - 2];
    long fromColumn = from[dims.length - 1];
    long toRow = to[dims.length - 2];
    long toColumn = to[dims.length - 1];
    for (int i = 0; i < rows; i++) {
      long s = source + i * fromRow;
      long t = target + i * toRow;
      switch (width) {
        case 1 -> {
          for (int j = 0; j < columns; j++) {
            ALL.set(BYTE, t + j * toColumn, ALL.get(BYTE, s + j * fromColumn));
          }
        }
        case 2 -> {
          for (int j = 0; j < columns; j++) {
            ALL.set(SHORT, t + j * toColumn, ALL.get(SHORT, s + j * fromColumn));
          }
        }
        case 4 -> {
          for (int j = 0; j < columns; j++) {
            ALL.set(INT, t + j * toColumn, ALL.get(INT, s + j * fromColumn));
          }
        }
        case 8 -> {
          for (int j = 0; j < columns; j++) {
            ALL.set(LONG, t + j * toColumn, ALL.get(LONG, s + j * fromColumn));
          }
        }
        default -> throw new IllegalStateException("no dtype is " + width + " bytes wide");
      }
    }
  }
}
