package jaxon.layers.llama;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import jaxon.config.Configuration;
import jaxon.config.ModelConfig;
import jaxon.graph.op.LogicalAxes;
import jaxon.graph.trace.Array;
import jaxon.graph.type.DType;
import jaxon.layers.Attention;
import jaxon.layers.DTypes;
import jaxon.layers.Initializer;
import jaxon.layers.KvCache;
import jaxon.layers.Mlp;
import jaxon.layers.NewTokens;
import jaxon.layers.RmsNorm;
import jaxon.layers.Rotation;

/// One layer of Llama: attention and MLP, each on the normalized input and added to it.
public record DecoderLayer(
    RmsNorm preSelfAttentionLayerNorm,
    Attention selfAttention,
    RmsNorm postSelfAttentionLayerNorm,
    Mlp mlp) {
  /// How the values between layers are laid out over the mesh.
  static final LogicalAxes AXES =
      LogicalAxes.of("activation_batch", "activation_norm_length", "activation_embed");

  static DecoderLayer init(Initializer init, Configuration config) {
    ModelConfig model = config.model();
    DType dtype = DTypes.of(config.run().dtype());
    double epsilon = model.normalizationLayerEpsilon();
    return new DecoderLayer(
        RmsNorm.init(init.scope(), model.embDim(), epsilon, dtype),
        Attention.init(init.scope(), config),
        RmsNorm.init(init.scope(), model.embDim(), epsilon, dtype),
        Mlp.init(init.scope(), config));
  }

  /// `[B, T, D]` from `input` `[B, T, D]` and segment numbers `[B, T]`.
  ///
  /// @param order the position of each token in the sequence, `i32[T]`; empty: counted from 0
  public Array apply(Array input, Rotation rotation, Array segments, Optional<Array> order) {
    return apply(input, normal -> selfAttention.apply(normal, rotation, segments, order));
  }

  /// `[B, T, D]` from `input` `[B, T, D]`, and the cache with the tokens' keys and values.
  ///
  /// @param layer the number of this layer, `i32[]`
  Extended extend(Array input, Rotation rotation, NewTokens tokens, KvCache cache, Array layer) {
    List<KvCache> grown = new ArrayList<>();
    Array output =
        apply(
            input,
            normal ->
                selfAttention.apply(
                    normal,
                    rotation,
                    (form, q, k, v) -> {
                      NewTokens.Attended attended = tokens.attend(form, q, k, v, cache, layer);
                      grown.add(attended.cache());
                      return attended.out();
                    }));
    return new Extended(output, grown.getFirst());
  }

  /// What [#extend] gives.
  ///
  /// @param output `[B, T, D]`
  record Extended(Array output, KvCache cache) {}

  private Array apply(Array input, UnaryOperator<Array> attention) {
    Array x = input.constrain(AXES).named("decoder_layer_input");
    Array normal = preSelfAttentionLayerNorm.apply(x).constrain(AXES);
    Array attended = attention.apply(normal).constrain(AXES);
    Array between = x.add(attended);
    Array hidden = postSelfAttentionLayerNorm.apply(between).constrain(AXES);
    return between.add(mlp.apply(hidden).constrain(AXES)).constrain(AXES);
  }
}
