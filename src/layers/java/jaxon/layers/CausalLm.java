package jaxon.layers;

import java.util.Optional;
import jaxon.graph.trace.Array;

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
}
