package jaxon.layers;

import jaxon.graph.trace.Array;

/// A model that predicts each next token from the tokens before it; a tree of parameters.
public interface CausalLm {
  /// Logits `[B, T, V]` of the token after each position.
  Array apply(TokenBatch batch);
}
