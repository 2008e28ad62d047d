package jaxon.input;

/// A pseudo-random permutation of `[0, size)` that stores nothing: any element is computed in O(1).
///
/// A balanced Feistel network permutes `[0, 2^(2h))`, the smallest such range that holds `size`; a
/// value that falls outside `[0, size)` is put through again until it falls inside (cycle walking),
/// fewer than four times on average. Sources: Luby and Rackoff, "How to Construct Pseudorandom
/// Permutations from Pseudorandom Functions", 1988; Black and Rogaway, "Ciphers with Arbitrary
/// Finite Domains", CT-RSA 2002.
final class KeyedPermutation {
  private static final int ROUNDS = 6;

  private final long size;
  private final int halfBits;
  private final long halfMask;
  private final long[] roundKeys = new long[ROUNDS];

  /// The permutation of `[0, size)` chosen by `key`.
  KeyedPermutation(long size, long key) {
    if (size < 0) {
      throw new IllegalArgumentException("size is negative: " + size);
    }
    this.size = size;
    int bits = size <= 2 ? 2 : 64 - Long.numberOfLeadingZeros(size - 1);
    halfBits = (bits + 1) / 2;
    halfMask = (1L << halfBits) - 1;
    for (int round = 0; round < ROUNDS; round++) {
      roundKeys[round] = Mix64.combine(key, round);
    }
  }

  /// The element at `index`.
  long at(long index) {
    if (index < 0 || index >= size) {
      throw new IndexOutOfBoundsException("index %d of a permutation of %d".formatted(index, size));
    }
    long value = index;
    do {
      value = encrypt(value);
      // With 2h = 64 the upper half of the range reads as negative, which is outside too.
    } while (value < 0 || value >= size);
    return value;
  }

  private long encrypt(long value) {
    long left = (value >>> halfBits) & halfMask;
    long right = value & halfMask;
    for (long key : roundKeys) {
      long next = left ^ (Mix64.mix(right + key) & halfMask);
      left = right;
      right = next;
    }
    return (left << halfBits) | right;
  }
}
