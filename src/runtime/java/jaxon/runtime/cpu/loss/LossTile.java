package jaxon.runtime.cpu.loss;

import java.util.ArrayList;
import java.util.List;
import jaxon.graph.type.DType;
import jaxon.runtime.cpu.dnnl.BlockProduct;
import jaxon.runtime.cpu.dnnl.MatrixLayout;
import jaxon.runtime.cpu.tile.Products;

/// A tile of tokens with the products for its size.
///
/// @param from the first token
/// @param count number of tokens
/// @param hiddenRows tokens per product over the whole vocabulary
/// @param logitProducts of [LossShape#ROWS] tokens or the rest of them, with a whole block or the
///   last one: by rows, then by block
/// @param kernelProducts for a whole block and the last one
/// @param hiddenProducts gradient of the hidden values of `hiddenRows` tokens or the rest of them,
///   from all blocks
record LossTile(
    LossShape shape,
    int from,
    int count,
    int hiddenRows,
    List<List<BlockProduct>> logitProducts,
    List<BlockProduct> kernelProducts,
    List<BlockProduct> hiddenProducts) {
  private static final int HIDDEN_GRAIN = 64;

  static LossTile of(
      LossShape shape, int from, int count, boolean hasGradient, int workers, Products all) {
    int hiddenRows = hiddenRows(count, workers);
    int last = shape.blocks() == 0 ? 0 : shape.columns(shape.blocks() - 1);
    int[] columns = {Math.min(LossShape.BLOCK, shape.vocab()), last};
    int[] rows = {Math.min(LossShape.ROWS, count), count % LossShape.ROWS};
    MatrixLayout logits = MatrixLayout.rowMajor(DType.F32, LossShape.BLOCK);
    List<List<BlockProduct>> products = new ArrayList<>();
    for (int row : rows) {
      List<BlockProduct> ofRows = new ArrayList<>();
      for (int column : columns) {
        ofRows.add(
            all.of(row, column, shape.width(), shape.hidden(), shape.kernel(), logits, false));
      }
      products.add(List.copyOf(ofRows));
    }
    int gradients = hasGradient ? count : 0;
    List<BlockProduct> kernels =
        List.of(
            kernelProduct(shape, gradients, columns[0], from > 0, all),
            kernelProduct(shape, gradients, columns[1], from > 0, all));
    List<BlockProduct> hidden =
        List.of(
            hiddenProduct(shape, Math.min(hiddenRows, gradients), all),
            hiddenProduct(shape, gradients % hiddenRows, all));
    return new LossTile(shape, from, count, hiddenRows, List.copyOf(products), kernels, hidden);
  }

  /// As many tokens per product over the whole vocabulary as leave each worker two tasks: each
  /// product packs the kernel anew. A token's gradient does not depend on its neighbours.
  private static int hiddenRows(int count, int workers) {
    int share = Math.ceilDiv(Math.max(1, count), 2 * workers);
    return Math.ceilDiv(share, HIDDEN_GRAIN) * HIDDEN_GRAIN;
  }

  /// How many products give the gradients of all hidden values.
  int hiddenTasks() {
    return Math.ceilDiv(count, hiddenRows);
  }

  private static BlockProduct kernelProduct(
      LossShape shape, int count, int columns, boolean adds, Products all) {
    MatrixLayout slopes = MatrixLayout.rowMajor(shape.dtype(), shape.paddedVocab());
    return shape.isEmbedding()
        ? all.of(
            columns,
            shape.width(),
            count,
            slopes.transposed(),
            shape.hidden(),
            MatrixLayout.rowMajor(DType.F32, shape.width()),
            adds)
        : all.of(
            shape.width(),
            columns,
            count,
            shape.hidden().transposed(),
            slopes,
            MatrixLayout.rowMajor(DType.F32, shape.vocab()),
            adds);
  }

  private static BlockProduct hiddenProduct(LossShape shape, int count, Products all) {
    return all.of(
        count,
        shape.width(),
        shape.vocab(),
        MatrixLayout.rowMajor(shape.dtype(), shape.paddedVocab()),
        shape.kernel().transposed(),
        MatrixLayout.rowMajor(shape.dtype(), shape.width()),
        false);
  }

  private boolean isLast(int block) {
    return block == shape.blocks() - 1;
  }

  BlockProduct logits(int block, int rows) {
    return logitProducts
        .get(rows == Math.min(LossShape.ROWS, count) ? 0 : 1)
        .get(isLast(block) ? 1 : 0);
  }

  BlockProduct dKernel(int block) {
    return kernelProducts.get(isLast(block) ? 1 : 0);
  }

  BlockProduct dHidden(int rows) {
    return hiddenProducts.get(rows == Math.min(hiddenRows, count) ? 0 : 1);
  }
}
