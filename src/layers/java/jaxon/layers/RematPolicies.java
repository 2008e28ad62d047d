package jaxon.layers;

import java.util.Optional;
import jaxon.config.RematConfig;
import jaxon.graph.op.RematPolicy;

/// What `remat_policy` means for a layer.
///
/// Layers name the values that MaxText names: `decoder_layer_input`, `query_proj`, `key_proj`,
/// `value_proj`, `context`, `attention_out`, `out_proj`, `mlpwi` (or `mlpwi_0`, `mlpwi_1`, … when
/// the MLP is gated) and `mlpwo`. The input of a layer is always kept.
public final class RematPolicies {
  private RematPolicies() {}

  /// The policy to wrap each layer with; empty for `none`, which keeps everything.
  public static Optional<RematPolicy> of(RematConfig config) {
    return switch (config.rematPolicy()) {
      case NONE -> Optional.empty();
      case MINIMAL_WITH_CONTEXT,
          MINIMAL,
          SAVE_DOT_WITH_CONTEXT_EXCEPT_MLP,
          SAVE_DOT_EXCEPT_MLPWI,
          SAVE_DOT_EXCEPT_MLP,
          SAVE_QKV_PROJ,
          SAVE_OUT_PROJ,
          FULL,
          CUSTOM ->
          Optional.of(new RematPolicy(false, config.savedNames()));
    };
  }
}
