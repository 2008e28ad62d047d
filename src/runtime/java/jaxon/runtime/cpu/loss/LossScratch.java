package jaxon.runtime.cpu.loss;

import jaxon.runtime.cpu.tile.Lanes;

/// Scratch memory of the loss: statistics of a tile's tokens, one block of logits for each worker,
/// and, with gradients, the powers of a tile, which become the cotangents of its logits.
final class LossScratch {
  private static final int FLOAT = Float.BYTES;
  private static final int LINE = 64;

  private final LossShape shape;
  private final long rowBytes;
  private final long logitsAt;
  private final long slopesAt;
  private final long bytes;
  private long base;

  LossScratch(LossShape shape, boolean hasGradient, int workers) {
    this.shape = shape;
    rowBytes = align((long) shape.tile() * Double.BYTES);
    // Losses, z-losses, targets, log-sum-exps, coefficients; maxima and sums of each block.
    logitsAt = rowBytes * (5L + shape.blocks()) + shape.blocks() * sumBytes();
    slopesAt = logitsAt + workers * workerBytes();
    long slopes = (long) shape.tile() * shape.paddedVocab() * shape.dtype().bytes();
    bytes = slopesAt + (hasGradient ? align(slopes) : 0);
  }

  private static long align(long bytes) {
    return (bytes + LINE - 1) / LINE * LINE;
  }

  private long sumBytes() {
    return align((long) shape.tile() * Lanes.COUNT * FLOAT);
  }

  private static long workerBytes() {
    return (long) LossShape.ROWS * LossShape.BLOCK * FLOAT;
  }

  long bytes() {
    return bytes;
  }

  void use(long scratch) {
    base = scratch;
  }

  /// A worker's block of logits.
  long logits(int worker) {
    return base + logitsAt + worker * workerBytes();
  }

  /// Powers and then cotangents of a block's products from a token on.
  long slopes(int token, int block) {
    long at = (long) token * shape.paddedVocab() + (long) block * LossShape.BLOCK;
    return base + slopesAt + at * shape.dtype().bytes();
  }

  long loss(int token) {
    return base + (long) token * Double.BYTES;
  }

  long zLoss(int token) {
    return loss(token) + rowBytes;
  }

  long target(int token) {
    return base + 2 * rowBytes + (long) token * FLOAT;
  }

  long lse(int token) {
    return target(token) + rowBytes;
  }

  long coefficient(int token) {
    return target(token) + 2 * rowBytes;
  }

  long max(int block, int token) {
    return base + (5L + block) * rowBytes + (long) token * FLOAT;
  }

  long sum(int block, int token) {
    return base
        + (5L + shape.blocks()) * rowBytes
        + block * sumBytes()
        + (long) token * Lanes.COUNT * FLOAT;
  }
}
