package jaxon.checkpoint.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import jaxon.graph.type.Shape;

/// A rectangular part of a tensor.
///
/// @param start first index along each dim
/// @param extent number of indices along each dim
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record Block(long[] start, long[] extent) {
  /// The whole of a tensor.
  public static Block all(Shape shape) {
    return new Block(new long[shape.rank()], shape.toArray());
  }

  /// Number of elements.
  public long elements() {
    return product(extent, 0);
  }

  /// Throws [IllegalArgumentException] unless the block lies within `shape`.
  public void requireWithin(String path, Shape shape) {
    boolean fits = start.length == shape.rank() && extent.length == shape.rank();
    for (int i = 0; fits && i < start.length; i++) {
      fits =
          start[i] >= 0
              && extent[i] >= 0
              && start[i] <= shape.dim(i)
              && extent[i] <= shape.dim(i) - start[i];
    }
    if (!fits) {
      throw new IllegalArgumentException(
          "block "
              + Arrays.toString(start)
              + " + "
              + Arrays.toString(extent)
              + " is not within tensor '"
              + path
              + "' of shape "
              + shape);
    }
  }

  /// This block as blocks of about `most` elements at most, which follow each other in row-major
  /// order; one at least.
  public List<Block> pieces(long most) {
    if (elements() <= most) {
      return List.of(this);
    }
    int dim = 0;
    while (extent[dim] == 1) {
      dim++;
    }
    long row = product(extent, dim + 1);
    long rows = Math.max(1, most / row);
    List<Block> pieces = new ArrayList<>();
    for (long done = 0; done < extent[dim]; done += rows) {
      long[] from = start.clone();
      long[] size = extent.clone();
      from[dim] += done;
      size[dim] = Math.min(rows, extent[dim] - done);
      pieces.addAll(new Block(from, size).pieces(most));
    }
    return pieces;
  }

  /// The runs of consecutive row-major positions, in a tensor of dims `dims`, that make up this
  /// block, in order.
  public List<Run> runs(long[] dims) {
    int whole = dims.length; // Dims from here on are taken whole.
    while (whole > 0 && start[whole - 1] == 0 && extent[whole - 1] == dims[whole - 1]) {
      whole--;
    }
    int runDim = Math.max(0, whole - 1);
    if (dims.length == 0 || whole == 0) {
      return List.of(new Run(0, product(dims, 0)));
    }
    List<Run> runs = new ArrayList<>();
    addRuns(dims, 0, runDim, 0, runs);
    return runs;
  }

  private void addRuns(long[] dims, int dim, int runDim, long offset, List<Run> runs) {
    long stride = product(dims, dim + 1);
    if (dim == runDim) {
      runs.add(new Run(offset + start[dim] * stride, extent[dim] * stride));
      return;
    }
    for (long i = start[dim]; i < start[dim] + extent[dim]; i++) {
      addRuns(dims, dim + 1, runDim, offset + i * stride, runs);
    }
  }

  /// Blocks of a tensor of dims `dims` that together hold its row-major positions `from` to below
  /// `from + count`, in order.
  public static List<Block> covering(long[] dims, long from, long count) {
    List<Block> blocks = new ArrayList<>();
    cover(dims, 0, new long[dims.length], from, count, blocks);
    return blocks;
  }

  /// Covers positions within the subtensor at the first `dim` indices of `at`.
  private static void cover(
      long[] dims, int dim, long[] at, long from, long count, List<Block> blocks) {
    if (count == 0) {
      return;
    }
    if (dim == dims.length) {
      long[] ones = new long[dims.length];
      Arrays.fill(ones, 1);
      blocks.add(new Block(at.clone(), ones));
      return;
    }
    long row = product(dims, dim + 1);
    long position = from;
    long end = from + count;
    while (position < end) {
      long index = position / row;
      long within = position % row;
      long wholeRows = within == 0 ? (end - position) / row : 0;
      if (wholeRows > 0) {
        blocks.add(rows(dims, dim, at, index, wholeRows));
        position += wholeRows * row;
      } else {
        long piece = Math.min(row - within, end - position);
        at[dim] = index;
        cover(dims, dim + 1, at, within, piece, blocks);
        at[dim] = 0;
        position += piece;
      }
    }
  }

  private static Block rows(long[] dims, int dim, long[] at, long index, long count) {
    long[] start = at.clone();
    long[] extent = dims.clone();
    Arrays.fill(extent, 0, dim, 1);
    start[dim] = index;
    extent[dim] = count;
    return new Block(start, extent);
  }

  private static long product(long[] dims, int from) {
    long product = 1;
    for (int i = from; i < dims.length; i++) {
      product *= dims[i];
    }
    return product;
  }

  /// Consecutive positions.
  public record Run(long from, long count) {}
}
