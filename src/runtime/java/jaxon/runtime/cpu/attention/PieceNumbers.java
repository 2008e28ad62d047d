package jaxon.runtime.cpu.attention;

import jaxon.runtime.cpu.tile.Lanes;
import jaxon.runtime.host.HostMemory;
import jaxon.runtime.program.Layout;

/// A number for each token, `[B, T]` or `[T]` for all rows of the batch, as a run's kernels read
/// them: padded copies, and the least and the largest number of each piece of a row, by which most
/// tiles are known to be wholly seen or wholly hidden.
final class PieceNumbers {
  /// Tokens per piece; tiles start at multiples of it.
  static final int PIECE = 128;

  private static final int INT = Integer.BYTES;

  private final int rows;
  private final int length;
  private final long rowStride;
  private final long stride;

  /// Numbers per row of the copy.
  private final int padded;

  private final int pieces;
  private long copy;

  PieceNumbers(Layout layout) {
    int rank = layout.shape().rank();
    rows = rank == 1 ? 1 : Math.toIntExact(layout.shape().dim(0));
    length = Math.toIntExact(layout.shape().dim(rank - 1));
    rowStride = rank == 1 ? 0 : layout.strides().get(0);
    stride = layout.strides().get(rank - 1);
    padded = Lanes.padded(length);
    pieces = (length + PIECE - 1) / PIECE;
  }

  /// Scratch memory that [#read] fills.
  long bytes() {
    return align((long) rows * (padded + 2L * pieces) * INT);
  }

  static long align(long bytes) {
    return (bytes + 63) / 64 * 64;
  }

  /// Copies the numbers at `source` to `scratch`.
  void read(long source, long scratch) {
    copy = scratch;
    for (int b = 0; b < rows; b++) {
      for (int piece = 0; piece < pieces; piece++) {
        readPiece(source, b, piece);
      }
    }
  }

  private void readPiece(long source, int b, int piece) {
    int least = Integer.MAX_VALUE;
    int largest = Integer.MIN_VALUE;
    int end = Math.min(length, (piece + 1) * PIECE);
    for (int t = piece * PIECE; t < end; t++) {
      int value = HostMemory.ALL.get(HostMemory.INT, source + (b * rowStride + t * stride) * INT);
      HostMemory.ALL.set(HostMemory.INT, at(b, t), value);
      least = Math.min(least, value);
      largest = Math.max(largest, value);
    }
    HostMemory.ALL.set(HostMemory.INT, bounds(b, piece), least);
    HostMemory.ALL.set(HostMemory.INT, bounds(b, piece) + INT, largest);
  }

  /// Address of a number; those after it follow, up to a whole vector.
  long at(int b, int t) {
    return copy + ((long) b * padded + t) * INT;
  }

  /// The number of a token.
  int get(int b, int t) {
    return HostMemory.ALL.get(HostMemory.INT, at(b, t));
  }

  private long bounds(int b, int piece) {
    return copy + ((long) rows * padded + 2L * ((long) b * pieces + piece)) * INT;
  }

  /// A bound from below of the numbers of a row's tokens `from` to below `to`.
  int least(int b, int from, int to) {
    int least = Integer.MAX_VALUE;
    for (int piece = from / PIECE; piece * PIECE < to; piece++) {
      least = Math.min(least, HostMemory.ALL.get(HostMemory.INT, bounds(b, piece)));
    }
    return least;
  }

  /// A bound from above of the numbers of a row's tokens `from` to below `to`.
  int largest(int b, int from, int to) {
    int largest = Integer.MIN_VALUE;
    for (int piece = from / PIECE; piece * PIECE < to; piece++) {
      largest = Math.max(largest, HostMemory.ALL.get(HostMemory.INT, bounds(b, piece) + INT));
    }
    return largest;
  }
}
