package jaxon.layers;

import java.util.Optional;
import jaxon.graph.trace.Array;
import jaxon.graph.type.TensorType;

/// A model that predicts each next token from the tokens before it; a tree of parameters.
public interface CausalLm {
  /// What logits are made of.
  ///
  /// @param hidden `[B, T, D]`
  record Prediction(Array hidden, OutputLayer output) {}

  /// Logits `[B, T, V]` of the token after each position.
  Array apply(TokenBatch batch);

  /// What [#apply] makes its logits of, so that a loss need not make them all at once; empty for a
  /// model whose logits do not come from an output layer.
  default Optional<Prediction> predict(TokenBatch batch) {
    return Optional.empty();
  }

  /// What a model gives that goes on from a cache.
  ///
  /// @param cache the cache with the new tokens
  /// @param prediction what the logits of the new positions are made of
  record Extended(KvCache cache, Prediction prediction) {}

  /// Type `[L, B, S, G, K]` of the keys, and of the values, that this model keeps of `rows`
  /// sequences of up to `slots` tokens.
  TensorType cacheType(long rows, long slots);

  /// Goes on from a cache: the same numbers as [#apply] on the whole sequences, for the new
  /// positions alone.
  Extended extend(KvCache cache, NewTokens tokens);
}
