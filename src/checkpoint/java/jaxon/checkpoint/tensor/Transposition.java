package jaxon.checkpoint.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Writes the transpose of a matrix into a larger one, tile by tile so that both stay in the cache.
public final class Transposition {
  private static final long TILE = 32;

  private Transposition() {}

  /// Element `(r, c)` of `source`, dense with `rows` × `columns` elements of `bytes` bytes, goes to
  /// element `offset + c · stride + r` of `target`.
  public static void copy(
      MemorySegment source,
      long rows,
      long columns,
      MemorySegment target,
      long offset,
      long stride,
      int bytes) {
    for (long r = 0; r < rows; r += TILE) {
      for (long c = 0; c < columns; c += TILE) {
        long lastRow = Math.min(rows, r + TILE);
        long lastColumn = Math.min(columns, c + TILE);
        for (long column = c; column < lastColumn; column++) {
          long to = offset + column * stride;
          for (long row = r; row < lastRow; row++) {
            element(source, row * columns + column, target, to + row, bytes);
          }
        }
      }
    }
  }

  /// Copies element `from` of a memory to element `to` of another.
  static void element(MemorySegment source, long from, MemorySegment target, long to, int bytes) {
    switch (bytes) {
      case 1 -> target.set(ValueLayout.JAVA_BYTE, to, source.get(ValueLayout.JAVA_BYTE, from));
      case 2 ->
          target.set(
              ValueLayout.JAVA_SHORT_UNALIGNED,
              to * 2,
              source.get(ValueLayout.JAVA_SHORT_UNALIGNED, from * 2));
      case 4 ->
          target.set(
              ValueLayout.JAVA_INT_UNALIGNED,
              to * 4,
              source.get(ValueLayout.JAVA_INT_UNALIGNED, from * 4));
      case 8 ->
          target.set(
              ValueLayout.JAVA_LONG_UNALIGNED,
              to * 8,
              source.get(ValueLayout.JAVA_LONG_UNALIGNED, from * 8));
      default -> throw new IllegalArgumentException("no elements of " + bytes + " bytes");
    }
  }
}
