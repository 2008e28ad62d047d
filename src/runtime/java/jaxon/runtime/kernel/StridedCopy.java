package jaxon.runtime.kernel;

import static jaxon.runtime.host.HostMemory.ALL;
import static jaxon.runtime.host.HostMemory.BYTE;
import static jaxon.runtime.host.HostMemory.INT;
import static jaxon.runtime.host.HostMemory.LONG;
import static jaxon.runtime.host.HostMemory.SHORT;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import jaxon.runtime.host.HostMemory;
import jaxon.runtime.program.View;

/// Copies elements between two strided places of one shape, whatever their order.
///
/// Runs that are contiguous on both sides are block copies. Where the sides disagree about which
/// dim is contiguous, the two dims are walked in square tiles, so that both sides use whole cache
/// lines.
public final class StridedCopy {
  private static final int TILE = 16;

  /// Bytes of a contiguous run that are one unit of work.
  private static final long RUN_BYTES = 128 * 1024;

  /// Sizes and byte strides; the last two dims are the plane that one unit of work lies in.
  private final long[] dims;

  private final long[] from;
  private final long[] to;
  private final int width;
  private final long planes;
  private final long blocks;

  private StridedCopy(long[] dims, long[] from, long[] to, int width) {
    this.dims = dims;
    this.from = from;
    this.to = to;
    this.width = width;
    long outer = 1;
    for (int i = 0; i < dims.length - 2; i++) {
      outer *= dims[i];
    }
    this.planes = outer;
    this.blocks =
        isOneRun()
            ? Math.ceilDiv(dims[dims.length - 1] * width, RUN_BYTES)
            : Math.ceilDiv(dims[dims.length - 2], (long) TILE);
  }

  /// A copy between views of one shape and dtype.
  static StridedCopy of(View source, View target) {
    int width = source.dtype().bytes();
    if (source.elements() == 0) {
      return new StridedCopy(new long[] {0, 0}, new long[2], new long[2], width);
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
    return new StridedCopy(dims, from, to, width);
  }

  /// Pieces of work that [#run(long, long, long, long)] can do apart.
  long units() {
    return bytes() == 0 ? 0 : planes * blocks;
  }

  /// Bytes that are written.
  long bytes() {
    return planes * dims[dims.length - 2] * dims[dims.length - 1] * width;
  }

  /// Copies all from the source's first element at `source` to the target's at `target`.
  void run(long source, long target) {
    run(source, target, 0, units());
  }

  /// Copies the units `first` to below `end`.
  void run(long source, long target, long first, long end) {
    if (isOneRun()) {
      long start = first * RUN_BYTES;
      long bytes = Math.min(end * RUN_BYTES, bytes()) - start;
      HostMemory.copy(source + start, target + start, Math.max(0, bytes));
      return;
    }
    for (long unit = first; unit < end; unit++) {
      block(source, target, unit / blocks, unit % blocks * TILE);
    }
  }

  private boolean isOneRun() {
    return planes * dims[dims.length - 2] == 1 && isContiguous();
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
    if (from[column] == 0 && to[column] == width) {
      for (int i = 0; i < rows; i++) {
        HostMemory.fill(s + i * from[row], t + i * to[row], width, dims[column]);
      }
      return;
    }
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
