package jaxon.layers;

import java.util.Optional;
import jaxon.graph.trace.Array;

/// Token sequences as a model takes them, all `i32[B, T]`.
///
/// @param positions position of each token in its own document
/// @param segments number of the document that a token is of, from 1; 0 is padding
/// @param order position of each token in the sequence, `i32[T]`, if they are not in order
public record TokenBatch(Array tokens, Array positions, Array segments, Optional<Array> order) {
  /// Tokens in order.
  public TokenBatch(Array tokens, Array positions, Array segments) {
    this(tokens, positions, segments, Optional.empty());
  }

  /// The same tokens, said to be in an order.
  public TokenBatch in(Array otherOrder) {
    return new TokenBatch(tokens, positions, segments, Optional.of(otherOrder));
  }
}
