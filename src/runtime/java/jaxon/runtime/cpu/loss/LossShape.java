package jaxon.runtime.cpu.loss;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import jaxon.graph.op.ControlOp;
import jaxon.graph.type.DType;
import jaxon.runtime.cpu.dnnl.MatrixLayout;
import jaxon.runtime.cpu.tile.Lanes;
import jaxon.runtime.program.Layout;

/// Sizes and form of the loss over an output layer.
///
/// @param tokens N
/// @param width D
/// @param vocab V
/// @param tile tokens whose powers exist at a time
/// @param isEmbedding whether the kernel is `[V, D]`, otherwise `[D, V]`
/// @param hiddenStride elements between the hidden values of tokens
/// @param kernelStride elements between the kernel's rows
record LossShape(
    int tokens,
    int width,
    int vocab,
    int tile,
    DType dtype,
    boolean isEmbedding,
    float divisor,
    float softCap,
    double zLoss,
    long hiddenStride,
    long kernelStride) {
  /// Vocabulary columns per block.
  static final int BLOCK = 512;

  /// Tokens per product within a tile.
  static final int ROWS = 256;

  /// Memory for the powers of a tile: large tiles read and write the kernel's gradient less often.
  private static final long TILE_BYTES = 128L << 20;

  /// Most tokens of a tile.
  private static final int MOST_ROWS = 4 * ROWS;

  static LossShape of(ControlOp.Composite composite, List<Layout> operands) {
    Optional<String> reason = unsupported(operands);
    if (reason.isPresent()) {
      throw new UnsupportedOperationException(composite.name() + ": " + reason.get());
    }
    SortedMap<String, String> attributes = composite.attributes();
    Layout hidden = operands.get(0);
    Layout kernel = operands.get(1);
    boolean isEmbedding = Boolean.parseBoolean(attributes.get("kernel_is_embedding"));
    int tokens = Math.toIntExact(hidden.shape().dim(0));
    int vocab = Math.toIntExact(kernel.shape().dim(isEmbedding ? 0 : 1));
    return new LossShape(
        tokens,
        Math.toIntExact(hidden.shape().dim(1)),
        vocab,
        tile(
            tokens,
            (long) vocab * hidden.dtype().bytes(),
            Integer.parseInt(attributes.get("num_vocab_tiling"))),
        hidden.dtype(),
        isEmbedding,
        (float) Double.parseDouble(attributes.get("divisor")),
        (float) Double.parseDouble(attributes.get("final_logits_soft_cap")),
        Double.parseDouble(attributes.get("z_loss_multiplier")),
        Math.max(hidden.strides().get(0), hidden.shape().dim(1)),
        Math.max(kernel.strides().get(0), kernel.shape().dim(1)));
  }

  private static int tile(int tokens, long tokenBytes, int tiling) {
    long fits = TILE_BYTES / Math.max(1, tokenBytes) / ROWS * ROWS;
    int asked = (tokens + tiling - 1) / tiling;
    return Math.max(1, Math.min(asked, Math.clamp(fits, ROWS, MOST_ROWS)));
  }

  /// Why the kernel cannot run on operands with these layouts; empty if it can.
  static Optional<String> unsupported(List<Layout> operands) {
    Layout hidden = operands.get(0);
    Layout kernel = operands.get(1);
    boolean isKnown = hidden.dtype() == DType.BF16 || hidden.dtype() == DType.F32;
    if (!isKnown || kernel.dtype() != hidden.dtype()) {
      return Optional.of(
          "takes hidden values and kernel both in bf16 or f32, got "
              + hidden.dtype()
              + " and "
              + kernel.dtype());
    }
    if (!isDense(hidden) || !isDense(kernel)) {
      return Optional.of("needs dense rows, got " + hidden + " and " + kernel);
    }
    return operands.get(3).dtype() == DType.F32
        ? Optional.empty()
        : Optional.of("weights must be f32, got " + operands.get(3).dtype());
  }

  private static boolean isDense(Layout matrix) {
    long columns = matrix.shape().dim(1);
    return (columns <= 1 || matrix.strides().get(1) == 1)
        && (matrix.shape().dim(0) <= 1 || matrix.strides().get(0) >= columns);
  }

  int blocks() {
    return (vocab + BLOCK - 1) / BLOCK;
  }

  int columns(int block) {
    return Math.min(BLOCK, vocab - block * BLOCK);
  }

  /// Floats of a row of logits in memory.
  int paddedVocab() {
    return Lanes.padded(vocab);
  }

  /// Hidden values of some tokens, by rows.
  MatrixLayout hidden() {
    return new MatrixLayout(dtype, hiddenStride, 1);
  }

  /// The kernel as `[D, V]`.
  MatrixLayout kernel() {
    MatrixLayout stored = new MatrixLayout(dtype, kernelStride, 1);
    return isEmbedding ? stored.transposed() : stored;
  }

  /// Bytes from the kernel's first element to the first column of a block.
  long kernelOffset(int block) {
    return (long) block * BLOCK * (isEmbedding ? kernelStride : 1) * dtype.bytes();
  }

  /// Bytes from the first element of the kernel's dense f32 gradient to a block's.
  long gradientOffset(int block) {
    return (long) block * BLOCK * (isEmbedding ? width : 1) * Float.BYTES;
  }
}
