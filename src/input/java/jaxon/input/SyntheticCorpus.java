package jaxon.input;

/// Pseudo-random documents of one row each: token `j` of document `i` depends on (seed, i, j)
/// alone.
final class SyntheticCorpus implements TokenCorpus {
  private final long size;
  private final int length;
  private final int vocabSize;
  private final long seed;

  /// `size` documents that fill rows of `length` positions.
  SyntheticCorpus(long size, int length, int vocabSize, long seed) {
    this.size = size;
    this.length = length;
    this.vocabSize = vocabSize;
    this.seed = seed;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public int[] tokens(long index) {
    long key = Mix64.combine(seed, index);
    int[] tokens = new int[length + 1];
    for (int j = 0; j < tokens.length; j++) {
      tokens[j] = (int) Mix64.bounded(Mix64.combine(key, j), vocabSize);
    }
    return tokens;
  }

  @Override
  public String locate(long index) {
    return "synthetic document " + index;
  }
}
