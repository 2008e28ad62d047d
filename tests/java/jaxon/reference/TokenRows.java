package jaxon.reference;

import java.util.random.RandomGenerator;

/// Packed rows of tokens, each array row-major `[rows, length]`.
///
/// Segments count from 1; 0 is padding. Positions restart in each segment.
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record TokenRows(
    int rows,
    int length,
    int[] inputs,
    int[] positions,
    int[] segments,
    int[] targets,
    int[] targetSegments) {
  /// Random tokens; each row (of 5 or more tokens) holds two segments of at least two tokens and
  /// perhaps padding, and its first segment's first target is not counted.
  public static TokenRows random(int rows, int length, int vocab, RandomGenerator random) {
    int size = rows * length;
    TokenRows made =
        new TokenRows(
            rows,
            length,
            random.ints(size, 0, vocab).toArray(),
            new int[size],
            new int[size],
            random.ints(size, 0, vocab).toArray(),
            new int[size]);
    for (int row = 0; row < rows; row++) {
      int split = 2 + random.nextInt(length - 4);
      int end = split + 2 + random.nextInt(length - split - 1);
      for (int t = 0; t < length; t++) {
        int at = row * length + t;
        made.segments[at] = t < split ? 1 : t < end ? 2 : 0;
        made.positions[at] = t < split ? t : t < end ? t - split : 0;
        made.targetSegments[at] = t == 0 ? 0 : made.segments[at];
      }
    }
    return made;
  }

  public int size() {
    return rows * length;
  }
}
