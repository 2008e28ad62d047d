package jaxon.layers.llama;

import java.util.Optional;
import jaxon.config.Configuration;
import jaxon.config.ModelConfig;
import jaxon.graph.op.LogicalAxes;
import jaxon.graph.trace.Array;
import jaxon.graph.type.DType;
import jaxon.layers.Attention;
import jaxon.layers.DTypes;
import jaxon.layers.Initializer;
import jaxon.layers.Mlp;
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
    Array x = input.constrain(AXES).named("decoder_layer_input");
    Array normal = preSelfAttentionLayerNorm.apply(x).constrain(AXES);
    Array attended = selfAttention.apply(normal, rotation, segments, order).constrain(AXES);
    Array between = x.add(attended);
    Array hidden = postSelfAttentionLayerNorm.apply(between).constrain(AXES);
    return between.add(mlp.apply(hidden).constrain(AXES)).constrain(AXES);
  }
}
