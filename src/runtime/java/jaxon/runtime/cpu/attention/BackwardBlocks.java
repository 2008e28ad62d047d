package jaxon.runtime.cpu.attention;

import java.util.ArrayList;
import java.util.List;
import jaxon.graph.type.DType;
import jaxon.runtime.cpu.dnnl.BlockProduct;
import jaxon.runtime.cpu.dnnl.MatrixLayout;
import jaxon.runtime.cpu.tile.Products;

/// Which blocks of queries a block of keys meets, with the products for their sizes. Tiles are
/// transposed: their rows are keys.
///
/// @param row position of the first key
/// @param rows number of keys
record BackwardBlocks(int row, int rows, List<Step> steps) {
  /// Keys per block: its gradients stay in the cache while all queries pass.
  static final int ROWS = 256;

  /// Queries per step.
  static final int COLUMNS = 128;

  /// A block of queries and the keys of the block that it sees some of.
  ///
  /// @param banded whether positions in it are hidden by [BandMask]
  /// @param products keys times queries
  /// @param dWeights values times cotangents
  /// @param dValues weights times cotangents, added to the values' gradient
  /// @param dKeys slopes times queries, added to the keys' gradient
  /// @param dQueries transposed slopes times keys, added to the queries' gradient
  record Step(
      int row,
      int rows,
      int column,
      int columns,
      boolean banded,
      BlockProduct products,
      BlockProduct dWeights,
      BlockProduct dValues,
      BlockProduct dKeys,
      BlockProduct dQueries) {}

  /// How the operands of the products lie.
  ///
  /// @param stride floats per row of the gradients in scratch memory
  record Operands(
      HeadLayout q, HeadLayout k, HeadLayout v, HeadLayout dOut, int stride, Products products) {
    Step step(AttentionShape shape, int row, int rows, int column, int columns, boolean banded) {
      MatrixLayout tile = MatrixLayout.rowMajor(DType.F32, COLUMNS);
      MatrixLayout results = MatrixLayout.rowMajor(shape.dtype(), COLUMNS);
      MatrixLayout sums = MatrixLayout.rowMajor(DType.F32, stride);
      int width = shape.headDim();
      return new Step(
          row,
          rows,
          column,
          columns,
          banded,
          products.of(rows, columns, width, k.rows(), q.columns(), tile, false),
          products.of(rows, columns, width, v.rows(), dOut.columns(), tile, false),
          products.of(rows, width, columns, results, dOut.rows(), sums, true),
          products.of(rows, width, columns, results, q.rows(), sums, true),
          products.of(columns, width, rows, results.transposed(), k.rows(), sums, true));
    }
  }

  static List<BackwardBlocks> of(AttentionShape shape, Operands operands) {
    BandMask byKeys = shape.keyBand();
    BandMask byQueries = shape.queryBand();
    List<BackwardBlocks> blocks = new ArrayList<>();
    for (int row = 0; row < shape.keys(); row += ROWS) {
      int rows = Math.min(ROWS, shape.keys() - row);
      List<Step> steps = new ArrayList<>();
      for (int column = 0; column < shape.queries(); column += COLUMNS) {
        int columns = Math.min(COLUMNS, shape.queries() - column);
        int seen = byQueries.from(column) / PieceNumbers.PIECE * PieceNumbers.PIECE;
        int from = Math.max(row, seen);
        int to = Math.min(row + rows, byQueries.to(column + columns, shape.keys()));
        if (from < to) {
          boolean banded = !byKeys.seesAll(from, to - from, column, columns);
          steps.add(operands.step(shape, from, to - from, column, columns, banded));
        }
      }
      blocks.add(new BackwardBlocks(row, rows, List.copyOf(steps)));
    }
    return blocks;
  }
}
