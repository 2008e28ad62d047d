package jaxon.runtime.cpu.dnnl;

import jaxon.graph.type.DType;

/// Scratch memory of one worker for products in plain Java, and the arithmetic on it: packed blocks
/// of both operands in the type that sums are taken in.
abstract sealed class JavaBlock permits FloatBlock, DoubleBlock {
  /// Rows of results kept at a time: each packed right block is used for as many rows.
  static final int ROWS = 256;

  /// Columns of results kept at a time.
  static final int COLUMNS = 128;

  /// Depth of a packed block: with [#COLUMNS] columns it fits the second-level cache.
  static final int DEPTH = 256;

  /// Columns of a packed block are a multiple of this: whole vectors, on any machine.
  static final int ALIGNMENT = 32;

  /// The arithmetic for operands of `dtype`.
  static JavaBlock of(DType dtype, int rows, int columns, int depth) {
    return switch (dtype) {
      case BF16, F16, F32 -> new FloatBlock(rows, columns, depth);
      // A double holds sums of products of bytes exactly.
      case F64, I8, UI8 -> new DoubleBlock(rows, columns, depth);
      case I1, I32, I64, UI32, UI64 ->
          throw new UnsupportedOperationException("no products of element type " + dtype);
    };
  }

  /// Sets element `row`, `column` of the packed left block.
  abstract void left(int row, int column, int depth, double value);

  /// Sets element `row`, `column` of the packed right block.
  abstract void right(int row, int column, double value);

  abstract double sum(int row, int column);

  abstract void sum(int row, int column, double value);

  /// Adds the product of the packed blocks to the sums.
  abstract void multiply(int rows, int columns, int depth);
}
