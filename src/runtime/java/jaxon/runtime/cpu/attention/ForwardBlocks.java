package jaxon.runtime.cpu.attention;

import java.util.ArrayList;
import java.util.List;
import jaxon.graph.type.DType;
import jaxon.runtime.cpu.dnnl.BlockProduct;
import jaxon.runtime.cpu.dnnl.MatrixLayout;
import jaxon.runtime.cpu.tile.Lanes;
import jaxon.runtime.cpu.tile.Products;

/// Which blocks of keys a block of queries meets, with the products for their sizes.
///
/// @param row position of the first query
/// @param rows number of queries
record ForwardBlocks(int row, int rows, List<Step> steps) {
  /// Queries per block: enough to use what the product packs of the keys, few enough that causal
  /// order wastes little.
  static final int ROWS = 128;

  /// Keys per step; a tile of logits has `ROWS` times so many.
  static final int COLUMNS = 512;

  /// Keys per step where it is not known beforehand which of them are seen: fewer are in vain.
  private static final int POSITIONED_COLUMNS = 256;

  /// One block of keys.
  ///
  /// @param banded whether positions in it are hidden by [BandMask], or are padding
  /// @param logits queries times keys
  /// @param values weights times values, added to the result
  record Step(int column, int columns, boolean banded, BlockProduct logits, BlockProduct values) {}

  static List<ForwardBlocks> of(
      AttentionShape shape, HeadLayout q, HeadLayout k, HeadLayout v, int outStride, Products all) {
    BandMask band = shape.queryBand();
    int step = shape.hasPositions() ? POSITIONED_COLUMNS : COLUMNS;
    MatrixLayout tile = MatrixLayout.rowMajor(DType.F32, COLUMNS);
    MatrixLayout weights = MatrixLayout.rowMajor(shape.dtype(), COLUMNS);
    MatrixLayout out = MatrixLayout.rowMajor(DType.F32, outStride);
    int width = shape.headDim();
    List<ForwardBlocks> blocks = new ArrayList<>();
    for (int row = 0; row < shape.queries(); row += ROWS) {
      int rows = Math.min(ROWS, shape.queries() - row);
      int to = band.to(row + rows, shape.keys());
      List<Step> steps = new ArrayList<>();
      int from = band.from(row) / PieceNumbers.PIECE * PieceNumbers.PIECE;
      for (int column = from; column < to; column += step) {
        int columns = Math.min(step, to - column);
        boolean banded = columns % Lanes.COUNT != 0 || !band.seesAll(row, rows, column, columns);
        steps.add(
            new Step(
                column,
                columns,
                banded,
                all.of(rows, columns, width, q.rows(), k.columns(), tile, false),
                all.of(rows, width, columns, weights, v.rows(), out, true)));
      }
      blocks.add(new ForwardBlocks(row, rows, List.copyOf(steps)));
    }
    return blocks;
  }
}
