package jaxon.runtime.cpu.dnnl;

import jaxon.graph.type.DType;

/// How a matrix lies in memory.
///
/// One of the strides is 1 (or belongs to a dim of size 1): the matrix is row-major or
/// column-major, possibly with gaps between its rows or columns.
///
/// @param rowStride distance in elements between neighbours of a column
/// @param columnStride distance in elements between neighbours of a row
public record MatrixLayout(DType dtype, long rowStride, long columnStride) {
  public MatrixLayout {
    if (rowStride < 0 || columnStride < 0) {
      throw new IllegalArgumentException(
          "strides of a matrix must be >= 0, got " + rowStride + " and " + columnStride);
    }
  }

  /// A dense row-major matrix with `columns` columns.
  public static MatrixLayout rowMajor(DType dtype, long columns) {
    return new MatrixLayout(dtype, Math.max(1, columns), 1);
  }

  /// The transpose of a dense row-major matrix with `columns` columns.
  public static MatrixLayout columnMajor(DType dtype, long columns) {
    return new MatrixLayout(dtype, 1, Math.max(1, columns));
  }

  /// The layout of the transposed matrix.
  public MatrixLayout transposed() {
    return new MatrixLayout(dtype, columnStride, rowStride);
  }

  /// Bytes between the first element and the one at `row`, `column`.
  long offset(long row, long column) {
    return (row * rowStride + column * columnStride) * dtype.bytes();
  }

  /// This layout for a matrix of `rows` x `columns` in the one form that equal layouts share: where
  /// a dim has size 1 its stride is free, and is set as in a dense matrix.
  MatrixLayout canonical(long rows, long columns) {
    if (rows == 1 && columns == 1) {
      return new MatrixLayout(dtype, 1, 1);
    }
    if (rows == 1) {
      return columnStride == 1
          ? new MatrixLayout(dtype, columns, 1)
          : new MatrixLayout(dtype, 1, columnStride);
    }
    if (columns == 1) {
      return rowStride == 1
          ? new MatrixLayout(dtype, 1, rows)
          : new MatrixLayout(dtype, rowStride, 1);
    }
    return this;
  }

  /// True if a matrix of `rows` x `columns` may lie so: one stride is 1 and no elements overlap.
  boolean isValid(long rows, long columns) {
    MatrixLayout layout = canonical(rows, columns);
    boolean isRowMajor = layout.columnStride == 1 && (layout.rowStride >= columns || rows <= 1);
    boolean isColumnMajor = layout.rowStride == 1 && (layout.columnStride >= rows || columns <= 1);
    return isRowMajor || isColumnMajor;
  }
}
