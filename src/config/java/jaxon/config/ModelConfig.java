package jaxon.config;

import java.util.List;

/// The shape of the model; the dims of a layer are the `base_` keys times powers of two.
public record ModelConfig(
    @Key(
            doc = "Model whose file configs/models/NAME.yml sets the shape; default: no such file.",
            defaultValue = "default")
        String modelName,
    @Key(
            doc =
                "Let other settings change what the model's file sets, which is refused otherwise.",
            defaultValue = "false")
        boolean overrideModelConfig,
    @Key(
            doc = "Kind of decoder layer.",
            defaultValue = "llama2",
            notYet = {
              "default", "deepseek", "gemma", "gemma2", "gemma3", "gemma4", "gpt3", "gpt_oss",
              "llama4", "mistral", "mixtral", "olmo3", "qwen2", "qwen3", "qwen3_moe", "qwen3_next",
              "simple", "simple_mlp"
            })
        DecoderBlock decoderBlock,
    @Key(doc = "Width of the model (d_model).", defaultValue = "2048", min = 1, max = 1 << 20)
        int baseEmbDim,
    @Key(doc = "Number of query heads.", defaultValue = "16", min = 1, max = 1 << 16)
        int baseNumQueryHeads,
    @Key(
            doc = "Number of key and value heads; must divide base_num_query_heads.",
            defaultValue = "16",
            min = 1,
            max = 1 << 16)
        int baseNumKvHeads,
    @Key(doc = "Width of one attention head; even.", defaultValue = "128", min = 1, max = 1 << 14)
        int headDim,
    @Key(doc = "Width of the MLP's hidden layer.", defaultValue = "7168", min = 1, max = 1 << 22)
        int baseMlpDim,
    @Key(doc = "Number of decoder layers.", defaultValue = "16", min = 1, max = 1 << 14)
        int baseNumDecoderLayers,
    @Key(
            doc =
                "About how many times more parameters than the base_ keys give: a power of two, shared"
                    + " among heads and MLP, width and layers.",
            defaultValue = "1",
            min = 1,
            max = 1 << 20)
        int globalParameterScale,
    @Key(
            doc = "Factors of the MLP's hidden layer; [silu, linear] is SwiGLU.",
            defaultValue = "[silu, linear]",
            notYet = {"sigmoid", "tanh"})
        List<Activation> mlpActivations,
    @Key(doc = "Added to the mean square in RMSNorm.", defaultValue = "1e-5", min = 0, max = 1)
        double normalizationLayerEpsilon,
    @Key(
            doc = "Number of token ids that the embedding and the logits have room for.",
            defaultValue = "32000",
            min = 1,
            max = 1 << 24)
        int vocabSize,
    @Key(doc = "Share the embedding table with the output layer.", defaultValue = "false")
        boolean logitsViaEmbedding,
    @Key(
            doc = "With logits_via_embedding: divide the logits by the square root of the width.",
            defaultValue = "true")
        boolean normalizeEmbeddingLogits,
    @Key(doc = "Convert the logits to float32 before the loss.", defaultValue = "true")
        boolean castLogitsToFp32,
    @Key(doc = "Compute the output layer's matmul in float32.", defaultValue = "false")
        boolean logitsDotInFp32,
    @Key(doc = "Cap c: logits become c · tanh(logits / c). 0: no cap.", defaultValue = "0", min = 0)
        double finalLogitsSoftCap,
    @Key(
            doc = "Weight of the squared log of the softmax's normalizer in the loss. 0: off.",
            defaultValue = "0",
            min = 0)
        double zLossMultiplier,
    @Key(
            doc =
                "Cut the tokens of a batch into this many pieces for the loss, so that the logits of"
                    + " one piece exist at a time; fewer where they do not come out even.",
            defaultValue = "1",
            min = 1,
            max = 1 << 20)
        int numVocabTiling,
    @Key(
            doc = "Variance scale of the initial weights of dense layers.",
            defaultValue = "1.0",
            min = 0)
        double denseInitScale,
    @Key(
            doc =
                "Run the layers as one loop over stacked weights: compiles in the time of one layer.",
            defaultValue = "true")
        boolean scanLayers) {

  public ModelConfig {
    mlpActivations = List.copyOf(mlpActivations);
  }

  /// Width of the model after scaling.
  public int embDim() {
    return scaled(baseEmbDim, baseScale() + (remainder() > 1 ? 1 : 0));
  }

  /// Number of query heads after scaling.
  public int numQueryHeads() {
    return scaled(baseNumQueryHeads, headScale());
  }

  /// Number of key and value heads after scaling.
  public int numKvHeads() {
    return scaled(baseNumKvHeads, headScale());
  }

  /// Width of the MLP's hidden layer after scaling.
  public int mlpDim() {
    return scaled(baseMlpDim, headScale());
  }

  /// Number of decoder layers after scaling.
  public int numDecoderLayers() {
    return scaled(baseNumDecoderLayers, baseScale());
  }

  // MaxText's rule: each doubling of the scale goes in turn to heads and MLP, to the width, to the
  // layers.
  private int headScale() {
    return baseScale() + (remainder() > 0 ? 1 : 0);
  }

  private int baseScale() {
    return log2Scale() / 3;
  }

  private int remainder() {
    return log2Scale() % 3;
  }

  private int log2Scale() {
    return Integer.numberOfTrailingZeros(globalParameterScale);
  }

  private static int scaled(int base, int log2) {
    return Math.multiplyExact(base, 1 << log2);
  }
}
