package jaxon.input;

import java.util.ArrayList;
import java.util.List;

/// A long list of token ids in memory: two bytes a token where the vocabulary allows, else four.
///
/// Filled once, then read by any number of threads.
final class TokenStore {
  private static final int BLOCK_BITS = 20;
  private static final int BLOCK = 1 << BLOCK_BITS;
  private static final int NARROW_VOCAB = 1 << Character.SIZE;

  private final boolean narrow;
  private final List<char[]> narrowBlocks = new ArrayList<>();
  private final List<int[]> wideBlocks = new ArrayList<>();
  private long size;

  /// An empty store for ids below `vocabSize`.
  TokenStore(int vocabSize) {
    narrow = vocabSize <= NARROW_VOCAB;
  }

  long size() {
    return size;
  }

  void append(int token) {
    int within = (int) (size & (BLOCK - 1));
    if (within == 0) {
      if (narrow) {
        narrowBlocks.add(new char[BLOCK]);
      } else {
        wideBlocks.add(new int[BLOCK]);
      }
    }
    if (narrow) {
      if (token < 0 || token >= NARROW_VOCAB) {
        throw new IllegalArgumentException("token id out of range: " + token);
      }
      narrowBlocks.getLast()[within] = (char) token;
    } else {
      wideBlocks.getLast()[within] = token;
    }
    size++;
  }

  void append(int[] tokens) {
    for (int token : tokens) {
      append(token);
    }
  }

  /// The `count` tokens from place `from`.
  int[] read(long from, int count) {
    if (from < 0 || count < 0 || from + count > size) {
      throw new IndexOutOfBoundsException(
          "tokens %d to %d of %d".formatted(from, from + count, size));
    }
    int[] tokens = new int[count];
    for (int i = 0; i < count; i++) {
      long place = from + i;
      int block = (int) (place >>> BLOCK_BITS);
      int within = (int) (place & (BLOCK - 1));
      tokens[i] = narrow ? narrowBlocks.get(block)[within] : wideBlocks.get(block)[within];
    }
    return tokens;
  }
}
