package jaxon.runtime.cpu.attention;

import jaxon.runtime.cpu.tile.Lanes;
import jaxon.runtime.program.Layout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/// Who sees whom by positions that are operands, `i32[T]` for the rows of tiles and `i32[S]` for
/// their columns: those of a part of a sequence, or of a sequence in another order.
final class GivenPositions {
  private static final int INT = Integer.BYTES;

  private final PieceNumbers rowNumbers;
  private final PieceNumbers columnNumbers;

  /// What a position sees of the others.
  private final BandMask band;

  GivenPositions(Layout rows, Layout columns, BandMask band) {
    rowNumbers = new PieceNumbers(rows);
    columnNumbers = new PieceNumbers(columns);
    this.band = band;
  }

  /// Scratch memory that [#read] fills.
  long bytes() {
    return rowNumbers.bytes() + columnNumbers.bytes();
  }

  /// Copies the positions to `scratch`.
  void read(long rows, long columns, long scratch) {
    rowNumbers.read(rows, scratch);
    columnNumbers.read(columns, scratch + rowNumbers.bytes());
  }

  /// How rows `row` to `rowEnd` see columns `column` to `columnEnd`.
  Sight sight(int row, int rowEnd, int column, int columnEnd) {
    long nearest =
        (long) columnNumbers.least(0, column, columnEnd) - rowNumbers.largest(0, row, rowEnd);
    long farthest =
        (long) columnNumbers.largest(0, column, columnEnd) - rowNumbers.least(0, row, rowEnd);
    if (farthest < band.low() || nearest >= band.high()) {
      return Sight.NOTHING;
    }
    return nearest >= band.low() && farthest < band.high() ? Sight.ALL : Sight.SOME;
  }

  /// Sets to -infinity what is not seen in a tile of f32.
  void hide(long tile, int rowStride, int row, int rows, int column, int columns) {
    FloatVector hidden = FloatVector.broadcast(Lanes.F32, Float.NEGATIVE_INFINITY);
    long start = columnNumbers.at(0, column);
    int padded = Lanes.padded(columns);
    for (int i = 0; i < rows; i++) {
      long own = rowNumbers.get(0, row + i);
      int from = (int) Math.max(Integer.MIN_VALUE, own + band.low());
      int to = (int) Math.min(Integer.MAX_VALUE, own + band.high());
      long address = tile + (long) i * rowStride * INT;
      for (int j = 0; j < padded; j += Lanes.COUNT) {
        IntVector vector = Lanes.loadInts(start + (long) j * INT);
        VectorMask<Integer> after = vector.compare(VectorOperators.GE, from);
        VectorMask<Integer> seen = after.and(vector.compare(VectorOperators.LT, to));
        long at = address + (long) j * INT;
        Lanes.store(hidden.blend(Lanes.load(at), seen.cast(Lanes.F32)), at);
      }
    }
  }
}
