package jaxon.input;

import jaxon.input.source.InputException;

/// Sets every k-th document aside for evaluation, without a list of which.
///
/// Documents are taken in blocks of `k = round(1 / fraction)`; a hash of the seed and the block
/// says which one of the block is held out. Both sides keep the order of the data and find a
/// document in O(1). A last incomplete block is all for training.
final class HoldOut {
  private final long blocks;
  private final long size;
  private final long block;
  private final long seed;

  HoldOut(long size, double fraction, long seed) {
    this.size = size;
    this.seed = seed;
    block = Math.max(2, Math.round(1 / fraction));
    blocks = size / block;
  }

  /// Whether there are documents enough to hold one out.
  static boolean possible(long size, double fraction) {
    return size >= Math.max(2, Math.round(1 / fraction));
  }

  long evalSize() {
    return blocks;
  }

  long trainSize() {
    return size - blocks;
  }

  /// The number in the data of the `index`-th evaluation document.
  long evalDocument(long index) {
    return index * block + heldOut(index);
  }

  /// The number in the data of the `index`-th training document.
  long trainDocument(long index) {
    long in = index / (block - 1);
    if (in >= blocks) {
      return index + blocks;
    }
    long within = index % (block - 1);
    return in * block + (within >= heldOut(in) ? within + 1 : within);
  }

  private long heldOut(long blockIndex) {
    return Mix64.bounded(Mix64.combine(seed, blockIndex), block);
  }

  /// The training documents of `corpus`.
  TokenCorpus train(TokenCorpus corpus) {
    return new Part(corpus, this, false);
  }

  /// The evaluation documents of `corpus`.
  TokenCorpus eval(TokenCorpus corpus) {
    return new Part(corpus, this, true);
  }

  /// The complaint about a corpus that is too small.
  static InputException tooSmall(long size, double fraction) {
    return new InputException(
        "evalFraction %s would hold out one document in %d, but there are only %d: give more data, a larger fraction or an evalPath."
            .formatted(fraction, Math.max(2, Math.round(1 / fraction)), size));
  }

  /// One side of the split.
  private record Part(TokenCorpus corpus, HoldOut split, boolean eval) implements TokenCorpus {
    @Override
    public long size() {
      return eval ? split.evalSize() : split.trainSize();
    }

    @Override
    public int[] tokens(long index) {
      return corpus.tokens(document(index));
    }

    @Override
    public String locate(long index) {
      return corpus.locate(document(index));
    }

    private long document(long index) {
      return eval ? split.evalDocument(index) : split.trainDocument(index);
    }
  }
}
