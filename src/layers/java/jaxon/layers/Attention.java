package jaxon.layers;

import java.util.Optional;
import jaxon.config.AttentionConfig;
import jaxon.config.Configuration;
import jaxon.config.ModelConfig;
import jaxon.graph.op.LogicalAxes;
import jaxon.graph.trace.Array;
import jaxon.graph.type.DType;
import jaxon.graph.type.Shape;

/// Causal self-attention with rotary positions and grouped heads.
///
/// @param query kernel `[D, H, K]`
/// @param key kernel `[D, G, K]`
/// @param value kernel `[D, G, K]`
/// @param out kernel `[H, K, D]`
/// @param context how queries meet keys where the sequence is cut
public record Attention(
    Linear query,
    Linear key,
    Linear value,
    Linear out,
    DotProductAttention core,
    ContextParallelism context) {
  private static final LogicalAxes QUERY_AXES =
      LogicalAxes.of(
          "activation_batch_attn", "activation_length_attn", "activation_heads", "activation_kv");
  private static final LogicalAxes KEY_AXES =
      LogicalAxes.of(
          "activation_batch_attn",
          "activation_length_attn",
          "activation_kv_heads",
          "activation_kv_head_dim");

  /// Projections as the configuration says; the softmax scale is K^-1/2.
  public static Attention init(Initializer init, Configuration config) {
    ModelConfig model = config.model();
    AttentionConfig attention = config.attention();
    DType dtype = DTypes.of(config.run().dtype());
    long width = model.embDim();
    int headDim = model.headDim();
    Shape queries = Shape.of(width, model.numQueryHeads(), headDim);
    Shape keys = Shape.of(width, model.numKvHeads(), headDim);
    LogicalAxes keyAxes = LogicalAxes.of("embed", "kv_heads", "kv_head_dim");
    double scale = model.denseInitScale();
    boolean bias = attention.attentionBias();
    return new Attention(
        Linear.init(init, queries, LogicalAxes.of("embed", "q_heads", "kv"), 1, scale, bias, dtype),
        Linear.init(init, keys, keyAxes, 1, scale, bias, dtype),
        Linear.init(init, keys, keyAxes, 1, scale, bias, dtype),
        Linear.init(
            init,
            Shape.of(model.numQueryHeads(), headDim, width),
            LogicalAxes.of("heads", "kv", "embed"),
            2,
            scale,
            dtype),
        new DotProductAttention(
            true,
            0,
            1 / Math.sqrt(headDim),
            attention.attnLogitsSoftCap(),
            attention.float32QkProduct(),
            attention.float32Logits()),
        init.context());
  }

  /// `[B, T, D]` from `x` `[B, T, D]` and segment numbers `[B, T]`.
  ///
  /// @param order the position of each token in the sequence, `i32[T]`; empty: counted from 0
  public Array apply(Array x, Rotation rotation, Array segments, Optional<Array> order) {
    return apply(
        x,
        rotation,
        (form, q, k, v) ->
            context.attend(form, new ContextParallelism.Tokens(q, k, v, segments, order)));
  }

  /// `[B, T, D]` from `x` `[B, T, D]`, where queries meet keys and values as `meeting` says.
  public Array apply(Array x, Rotation rotation, Meeting meeting) {
    Array q = rotation.apply(query.apply(x)).constrain(QUERY_AXES).named("query_proj");
    Array k = rotation.apply(key.apply(x)).constrain(KEY_AXES).named("key_proj");
    Array v = value.apply(x).constrain(KEY_AXES).named("value_proj"); // [B, T, G, K]
    Array attended = meeting.attend(core, q, k, v); // [B, T, H, K]
    Array mixed = attended.constrain(QUERY_AXES).named("attention_out");
    return out.apply(mixed).named("out_proj");
  }

  /// How the queries of some tokens meet keys and values.
  @FunctionalInterface
  public interface Meeting {
    /// `[B, T, H, K]` from queries `[B, T, H, K]` and the same tokens' keys and values `[B, T, G,
    /// K]`.
    Array attend(DotProductAttention form, Array q, Array k, Array v);
  }
}
