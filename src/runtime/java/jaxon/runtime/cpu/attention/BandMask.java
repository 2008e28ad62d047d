package jaxon.runtime.cpu.attention;

import jaxon.runtime.cpu.tile.Lanes;
import jaxon.runtime.host.HostMemory;
import jdk.incubator.vector.FloatVector;

/// Which positions see each other by their distance: causal order and sliding windows.
///
/// Row `i` of a tile sees columns from `i + low` to below `i + high`, both in positions of the
/// whole sequence.
record BandMask(long low, long high) {
  private static final long FAR = 1L << 40;
  private static final int FLOAT = Float.BYTES;
  private static final float HIDDEN = Float.NEGATIVE_INFINITY;

  /// For tiles whose rows are queries.
  static BandMask ofQueries(boolean causal, int window) {
    return new BandMask(window > 0 ? 1L - window : -FAR, causal ? 1 : window > 0 ? window : FAR);
  }

  /// For tiles whose rows are keys.
  static BandMask ofKeys(boolean causal, int window) {
    return new BandMask(causal ? 0 : window > 0 ? 1L - window : -FAR, window > 0 ? window : FAR);
  }

  /// The first column that one of the rows sees, of those from 0.
  int from(int firstRow) {
    return (int) Math.max(0, firstRow + low);
  }

  /// The column after the last that one of the rows to below `rowEnd` sees, of `columns`.
  int to(int rowEnd, int columns) {
    return (int) Math.max(0, Math.min(columns, rowEnd - 1 + high));
  }

  /// Whether all rows of a tile see all its columns.
  boolean seesAll(int row, int rows, int column, int columns) {
    return row + rows - 1 + low <= column && column + columns <= row + high;
  }

  /// Sets to -infinity what is not seen in a tile of f32, and its padding beyond `columns`.
  void apply(long tile, int rowStride, int row, int rows, int column, int columns) {
    int padded = Lanes.padded(columns);
    for (int i = 0; i < rows; i++) {
      int from = (int) Math.max(0, Math.min(columns, row + i + low - column));
      int to = (int) Math.max(from, Math.min(columns, row + i + high - column));
      long address = tile + (long) i * rowStride * FLOAT;
      hide(address, 0, from);
      hide(address, to, padded);
    }
  }

  /// The bounds of the band are seldom those of vectors, and few elements lie between the two.
  private static void hide(long address, int from, int to) {
    int j = from;
    for (; j < to && j % Lanes.COUNT != 0; j++) {
      HostMemory.ALL.set(HostMemory.FLOAT, address + (long) j * FLOAT, HIDDEN);
    }
    for (; j + Lanes.COUNT <= to; j += Lanes.COUNT) {
      Lanes.store(FloatVector.broadcast(Lanes.F32, HIDDEN), address + (long) j * FLOAT);
    }
    for (; j < to; j++) {
      HostMemory.ALL.set(HostMemory.FLOAT, address + (long) j * FLOAT, HIDDEN);
    }
  }
}
