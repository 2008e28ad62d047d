package jaxon.trainer;

import java.util.List;
import jaxon.graph.type.Literal;

/// Batches for tests: a fixed walk over the vocabulary, one document a row.
final class TestBatches {
  static final int LENGTH = 4;
  static final int VOCAB = 11;

  private TestBatches() {}

  /// The five leaves of a [TrainBatch] whose row `r` counts its first `counts[r]` tokens.
  static List<Literal> rows(int... counts) {
    int[] inputs = new int[counts.length * LENGTH];
    int[] positions = new int[inputs.length];
    int[] segments = new int[inputs.length];
    int[] targets = new int[inputs.length];
    for (int i = 0; i < inputs.length; i++) {
      int row = i / LENGTH;
      int column = i % LENGTH;
      boolean counted = column < counts[row];
      inputs[i] = counted ? (7 * row + 3 * column * column + column) % VOCAB : 0;
      targets[i] = counted ? (5 * row + 2 * column + row * column + 1) % VOCAB : 0;
      positions[i] = counted ? column : 0;
      segments[i] = counted ? 1 : 0;
    }
    return List.of(leaf(inputs), leaf(positions), leaf(segments), leaf(targets), leaf(segments));
  }

  private static Literal leaf(int[] values) {
    return Literal.ofInts(values, values.length / LENGTH, LENGTH);
  }
}
