package jaxon.runtime.cpu.attention;

import jaxon.runtime.cpu.tile.Lanes;
import jaxon.runtime.program.Layout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/// Segment numbers `[B, T]`: tokens of one segment see each other.
final class Segments {
  private static final int INT = Integer.BYTES;

  private final PieceNumbers numbers;

  Segments(Layout layout) {
    numbers = new PieceNumbers(layout);
  }

  /// Scratch memory that [#read] fills.
  long bytes() {
    return numbers.bytes();
  }

  /// Copies the numbers at `source` to `scratch`.
  void read(long source, long scratch) {
    numbers.read(source, scratch);
  }

  /// How the tokens from `row` to `rowEnd` here see those from `column` to `columnEnd` of `others`,
  /// in batch row `b`.
  Sight sight(Segments others, int b, int row, int rowEnd, int column, int columnEnd) {
    int least = numbers.least(b, row, rowEnd);
    int largest = numbers.largest(b, row, rowEnd);
    int otherLeast = others.numbers.least(b, column, columnEnd);
    int otherLargest = others.numbers.largest(b, column, columnEnd);
    if (largest < otherLeast || otherLargest < least) {
      return Sight.NOTHING;
    }
    return least == largest && otherLeast == otherLargest ? Sight.ALL : Sight.SOME;
  }

  /// Sets to -infinity what is not seen in a tile of f32 whose rows are tokens here and whose
  /// columns are tokens of `others`.
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
    long otherStart = others.numbers.at(b, column);
    int paddedColumns = Lanes.padded(columns);
    for (int i = 0; i < rows; i++) {
      int own = numbers.get(b, row + i);
      long address = tile + (long) i * rowStride * INT;
      for (int j = 0; j < paddedColumns; j += Lanes.COUNT) {
        IntVector vector = Lanes.loadInts(otherStart + (long) j * INT);
        VectorMask<Float> seen = vector.compare(VectorOperators.EQ, own).cast(Lanes.F32);
        long at = address + (long) j * INT;
        Lanes.store(hidden.blend(Lanes.load(at), seen), at);
      }
    }
  }
}
