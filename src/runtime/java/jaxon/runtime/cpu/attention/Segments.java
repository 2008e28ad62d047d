package jaxon.runtime.cpu.attention;

import jaxon.runtime.cpu.tile.Lanes;
import jaxon.runtime.host.HostMemory;
import jaxon.runtime.program.Layout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/// Segment numbers `[B, T]` as a run's kernels read them: padded copies, and the least and the
/// largest number of each piece of a row, by which most tiles are known to be wholly seen or wholly
/// hidden.
final class Segments {
  /// Positions per piece; tiles start at multiples of it.
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

  Segments(Layout layout) {
    rows = Math.toIntExact(layout.shape().dim(0));
    length = Math.toIntExact(layout.shape().dim(1));
    rowStride = layout.strides().get(0);
    stride = layout.strides().get(1);
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

  private long at(int b, int t) {
    return copy + ((long) b * padded + t) * INT;
  }

  private long bounds(int b, int piece) {
    return copy + ((long) rows * padded + 2L * ((long) b * pieces + piece)) * INT;
  }

  private int least(int b, int from, int to) {
    int least = Integer.MAX_VALUE;
    for (int piece = from / PIECE; piece * PIECE < to; piece++) {
      least = Math.min(least, HostMemory.ALL.get(HostMemory.INT, bounds(b, piece)));
    }
    return least;
  }

  private int largest(int b, int from, int to) {
    int largest = Integer.MIN_VALUE;
    for (int piece = from / PIECE; piece * PIECE < to; piece++) {
      largest = Math.max(largest, HostMemory.ALL.get(HostMemory.INT, bounds(b, piece) + INT));
    }
    return largest;
  }

  /// What the rows of a tile see of its columns.
  enum Sight {
    ALL,
    SOME,
    NOTHING
  }

  /// How the positions from `row` to `rowEnd` here see those from `column` to `columnEnd` of
  /// `others`, in batch row `b`.
  Sight sight(Segments others, int b, int row, int rowEnd, int column, int columnEnd) {
    int least = least(b, row, rowEnd);
    int largest = largest(b, row, rowEnd);
    int otherLeast = others.least(b, column, columnEnd);
    int otherLargest = others.largest(b, column, columnEnd);
    if (largest < otherLeast || otherLargest < least) {
      return Sight.NOTHING;
    }
    return least == largest && otherLeast == otherLargest ? Sight.ALL : Sight.SOME;
  }

  /// Sets to -infinity what is not seen in a tile of f32 whose rows are positions here and whose
  /// columns are positions of `others`.
  void hide(
      Segments others,
      long tile,
      int rowStride,
      int b,
      int row,
      int rows,
      int column,
      int columns) {
    FloatVector hidden = FloatVector.broadcast(Lanes.F32, Float.NEGATIVE_INFINITY);
    long otherStart = others.at(b, column);
    int paddedColumns = Lanes.padded(columns);
    for (int i = 0; i < rows; i++) {
      int own = HostMemory.ALL.get(HostMemory.INT, at(b, row + i));
      long address = tile + (long) i * rowStride * INT;
      for (int j = 0; j < paddedColumns; j += Lanes.COUNT) {
        IntVector numbers = Lanes.loadInts(otherStart + (long) j * INT);
        VectorMask<Float> seen = numbers.compare(VectorOperators.EQ, own).cast(Lanes.F32);
        long at = address + (long) j * INT;
        Lanes.store(hidden.blend(Lanes.load(at), seen), at);
      }
    }
  }
}
