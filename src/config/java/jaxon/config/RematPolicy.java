package jaxon.config;

import java.util.List;

/// Which named tensors of a decoder layer are kept for the backward pass; the rest is computed
/// again.
///
/// Ordered from most memory and least work to least memory and most work, [#CUSTOM] apart. The
/// names kept are those of MaxText's `remat_policy`.
public enum RematPolicy implements YamlNamed {
  /// Everything is kept; nothing is computed again.
  NONE,
  /// All matmul outputs of the layer, and the attention's output.
  MINIMAL_WITH_CONTEXT,
  /// All matmul outputs of the layer.
  MINIMAL,
  SAVE_DOT_WITH_CONTEXT_EXCEPT_MLP,
  SAVE_DOT_EXCEPT_MLPWI,
  SAVE_DOT_EXCEPT_MLP,
  SAVE_QKV_PROJ,
  SAVE_OUT_PROJ,
  /// Only the input of each layer is kept.
  FULL,
  /// Each tensor as its own key says; see [RematConfig#savedNames].
  CUSTOM;

  /// The names kept by this policy; empty for [#NONE] (which keeps all), [#FULL] and [#CUSTOM].
  List<String> savedNames() {
    return switch (this) {
      case NONE, FULL, CUSTOM -> List.of();
      case MINIMAL_WITH_CONTEXT ->
          List.of(
              "query_proj",
              "key_proj",
              "value_proj",
              "context",
              "out_proj",
              "mlpwi_0",
              "mlpwi_1",
              "mlpwi",
              "mlpwo");
      case MINIMAL ->
          List.of(
              "query_proj",
              "key_proj",
              "value_proj",
              "out_proj",
              "mlpwi_0",
              "mlpwi_1",
              "mlpwi",
              "mlpwo");
      case SAVE_DOT_WITH_CONTEXT_EXCEPT_MLP ->
          List.of("query_proj", "key_proj", "value_proj", "context", "out_proj");
      case SAVE_DOT_EXCEPT_MLPWI ->
          List.of("query_proj", "key_proj", "value_proj", "out_proj", "mlpwo");
      case SAVE_DOT_EXCEPT_MLP -> List.of("query_proj", "key_proj", "value_proj", "out_proj");
      case SAVE_QKV_PROJ -> List.of("query_proj", "key_proj", "value_proj");
      case SAVE_OUT_PROJ -> List.of("out_proj");
    };
  }
}
