package jaxon.checkpoint.huggingface;

import java.util.OptionalInt;
import jaxon.graph.type.DType;

/// What a `config.json` says that no setting of a model does.
///
/// @param dtype type of the weights
/// @param maxPositionEmbeddings length of the context
/// @param bosTokenId the token that begins a text, if there is one
/// @param eosTokenId the token that ends a text, if there is one
public record ModelFacts(
    DType dtype, int maxPositionEmbeddings, OptionalInt bosTokenId, OptionalInt eosTokenId) {
  static final String MAX_POSITIONS = "max_position_embeddings";
}
