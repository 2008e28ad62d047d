package jaxon.layers.llama;

import java.util.List;
import java.util.Optional;
import jaxon.config.Configuration;
import jaxon.config.ModelConfig;
import jaxon.graph.op.LogicalAxes;
import jaxon.graph.trace.Array;
import jaxon.graph.type.DType;
import jaxon.graph.type.Shape;
import jaxon.graph.type.TensorType;
import jaxon.layers.CausalLm;
import jaxon.layers.DTypes;
import jaxon.layers.Embedding;
import jaxon.layers.Initializer;
import jaxon.layers.KvCache;
import jaxon.layers.LayerStack;
import jaxon.layers.Linear;
import jaxon.layers.NewTokens;
import jaxon.layers.OutputLayer;
import jaxon.layers.RematPolicies;
import jaxon.layers.RmsNorm;
import jaxon.layers.RotaryEmbedding;
import jaxon.layers.Rotation;
import jaxon.layers.TokenBatch;

/// Llama (Touvron et al., "Llama 2", 2023; Grattafiori et al., "The Llama 3 herd of models", 2024).
///
/// @param logitsDense kernel `[D, V]` of the output layer; empty when it is the embedding's table
public record Llama(
    Embedding tokenEmbedder,
    LayerStack<DecoderLayer> layers,
    RmsNorm decoderNorm,
    Optional<Linear> logitsDense,
    RotaryEmbedding rope,
    ModelConfig config)
    implements CausalLm {
  private static final LogicalAxes EMBEDDED_AXES =
      LogicalAxes.of(
          "activation_embed_and_logits_batch", "activation_norm_length", "activation_embed");
  private static final LogicalAxes LOGITS_AXES =
      LogicalAxes.of("activation_embed_and_logits_batch", "activation_length", "activation_vocab");

  /// A model with initial parameters, as the configuration says.
  public static Llama init(Initializer init, Configuration config) {
    ModelConfig model = config.model();
    DType dtype = DTypes.of(config.run().dtype());
    return new Llama(
        Embedding.init(init.scope(), model.vocabSize(), model.embDim(), dtype),
        LayerStack.init(
            init,
            model.numDecoderLayers(),
            model.scanLayers(),
            RematPolicies.of(config.remat()),
            layer -> DecoderLayer.init(layer, config)),
        RmsNorm.init(init.scope(), model.embDim(), model.normalizationLayerEpsilon(), dtype),
        model.logitsViaEmbedding()
            ? Optional.empty()
            : Optional.of(outputLayer(init.scope(), model, logitsType(model, dtype))),
        new RotaryEmbedding(model.headDim(), config.rope()),
        model);
  }

  private static Linear outputLayer(Initializer init, ModelConfig model, DType dtype) {
    Shape shape = Shape.of(model.embDim(), model.vocabSize());
    return Linear.init(init, shape, LogicalAxes.of("embed_vocab", "vocab"), 1, 1.0, dtype);
  }

  private static DType logitsType(ModelConfig model, DType dtype) {
    return model.logitsDotInFp32() ? DTypes.precise(dtype) : dtype;
  }

  @Override
  public Array apply(TokenBatch batch) {
    OutputLayer output = output();
    return output.apply(hidden(batch)).constrain(LOGITS_AXES); // [B, T, V]
  }

  @Override
  public Optional<Prediction> predict(TokenBatch batch) {
    return Optional.of(new Prediction(hidden(batch), output()));
  }

  @Override
  public TensorType cacheType(long rows, long slots) {
    return TensorType.of(
        tokenEmbedder.dtype(), layers.length(), rows, slots, config.numKvHeads(), config.headDim());
  }

  @Override
  public Extended extend(KvCache cache, NewTokens tokens) {
    Array embedded = tokenEmbedder.apply(tokens.tokens()).constrain(EMBEDDED_AXES); // [B, T, D]
    Rotation rotation = rope.at(tokens.positions(), embedded.dtype());
    List<Array> last =
        layers.fold(
            List.of(embedded, cache.keys(), cache.values()),
            (layer, index, carry) -> {
              KvCache before = new KvCache(carry.get(1), carry.get(2));
              DecoderLayer.Extended after =
                  layer.extend(carry.getFirst(), rotation, tokens, before, index);
              return List.of(after.output(), after.cache().keys(), after.cache().values());
            });
    Array hidden = decoderNorm.apply(last.getFirst());
    return new Extended(new KvCache(last.get(1), last.get(2)), new Prediction(hidden, output()));
  }

  private Array hidden(TokenBatch batch) {
    Array embedded = tokenEmbedder.apply(batch.tokens()).constrain(EMBEDDED_AXES); // [B, T, D]
    Rotation rotation = rope.at(batch.positions(), embedded.dtype());
    Array x =
        layers.apply(
            embedded, (layer, h) -> layer.apply(h, rotation, batch.segments(), batch.order()));
    return decoderNorm.apply(x);
  }

  private OutputLayer output() {
    double cap = config.finalLogitsSoftCap();
    boolean cast = config.castLogitsToFp32();
    return logitsDense
        .map(dense -> new OutputLayer(dense.kernel(), false, dense.dtype(), 1, cast, cap))
        .orElseGet(() -> {
          double divisor = config.normalizeEmbeddingLogits() ? Math.sqrt(config.embDim()) : 1;
          DType dotType = logitsType(config, tokenEmbedder.dtype());
          return new OutputLayer(tokenEmbedder.embedding(), true, dotType, divisor, cast, cap);
        });
  }
}
