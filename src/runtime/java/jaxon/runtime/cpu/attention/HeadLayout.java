package jaxon.runtime.cpu.attention;

import jaxon.graph.type.DType;
import jaxon.runtime.cpu.dnnl.MatrixLayout;
import jaxon.runtime.program.Layout;

/// Where the rows `[K]` of a tensor `[B, T, H, K]` lie; strides in elements.
record HeadLayout(DType dtype, long batch, long row, long head) {
  static HeadLayout of(Layout layout) {
    long width = Math.max(1, layout.shape().dim(3));
    long row = layout.strides().get(1);
    return new HeadLayout(
        layout.dtype(),
        layout.strides().get(0),
        layout.shape().dim(1) <= 1 ? Math.max(row, width) : row,
        layout.strides().get(2));
  }

  static HeadLayout dense(DType dtype, long rows, long heads, long width) {
    return new HeadLayout(dtype, rows * heads * width, heads * width, width);
  }

  /// Address of element 0 of a row.
  long at(long base, long b, long t, long h) {
    return base + (b * batch + t * row + h * head) * dtype.bytes();
  }

  /// The rows of one head as a matrix.
  MatrixLayout rows() {
    return new MatrixLayout(dtype, row, 1);
  }

  /// The rows of one head as the columns of a matrix.
  MatrixLayout columns() {
    return new MatrixLayout(dtype, 1, row);
  }
}
