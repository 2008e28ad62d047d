package jaxon.runtime.cpu.attention;

import jaxon.runtime.host.HostMemory;

/// Scratch memory of the backward kernel: what all workers share, then for each worker the tiles of
/// a step and the gradients of a block of keys.
final class BackwardScratch {
  private static final long TILE = (long) BackwardBlocks.ROWS * BackwardBlocks.COLUMNS;

  private final long shared;
  private final int workers;
  private final long dWeightsAt;
  private final long weightsAt;
  private final long slopesAt;
  private final long dKeysAt;
  private final long sumBytes;
  private final int stride;
  private final long each;
  private long base;

  private BackwardScratch(long shared, int stride, boolean isBf16, int workers) {
    this.shared = shared;
    this.workers = workers;
    this.stride = stride;
    dWeightsAt = TILE * Float.BYTES;
    // Results in f32 take the place of the operands.
    weightsAt = isBf16 ? 2 * dWeightsAt : 0;
    slopesAt = isBf16 ? weightsAt + TILE * Short.BYTES : dWeightsAt;
    dKeysAt = isBf16 ? slopesAt + TILE * Short.BYTES : 2 * dWeightsAt;
    sumBytes = (long) BackwardBlocks.ROWS * stride * Float.BYTES;
    each = PieceNumbers.align(dKeysAt + 2 * sumBytes);
  }

  static BackwardScratch of(long shared, int stride, boolean isBf16, int workers) {
    return new BackwardScratch(PieceNumbers.align(shared), stride, isBf16, workers);
  }

  long bytes() {
    return shared + workers * each;
  }

  void use(long scratch) {
    base = scratch + shared;
  }

  long logits(int worker) {
    return base + worker * each;
  }

  long dWeights(int worker) {
    return logits(worker) + dWeightsAt;
  }

  long weights(int worker) {
    return logits(worker) + weightsAt;
  }

  long slopes(int worker) {
    return logits(worker) + slopesAt;
  }

  long dKeys(int worker) {
    return logits(worker) + dKeysAt;
  }

  long dValues(int worker) {
    return dKeys(worker) + sumBytes;
  }

  void clearSums(int worker, int rows) {
    long bytes = (long) rows * stride * Float.BYTES;
    HostMemory.ALL.asSlice(dKeys(worker), bytes).fill((byte) 0);
    HostMemory.ALL.asSlice(dValues(worker), bytes).fill((byte) 0);
  }
}
