package jaxon.checkpoint.huggingface;

import java.util.ArrayList;
import java.util.List;
import jaxon.checkpoint.CheckpointException;
import jaxon.config.Activation;
import jaxon.config.Configuration;
import jaxon.config.ModelConfig;

/// What the transformers library's `LlamaConfig` says of a model, under its names.
///
/// @param hiddenAct the library's name of the activation
record LlamaConfig(
    int vocabSize,
    int hiddenSize,
    int intermediateSize,
    int numHiddenLayers,
    int numAttentionHeads,
    int numKeyValueHeads,
    int headDim,
    String hiddenAct,
    double rmsNormEps,
    boolean tieWordEmbeddings,
    int ropeTheta,
    RopeScaling ropeScaling) {
  static final String ARCHITECTURE = "LlamaForCausalLM";
  static final String MODEL_TYPE = "llama";

  private static final int MOST_VOCAB = 1 << 24;
  private static final int MOST_WIDTH = 1 << 20;
  private static final int MOST_MLP = 1 << 22;
  private static final int MOST_HEADS = 1 << 16;
  private static final int MOST_HEAD_DIM = 1 << 14;
  private static final int MOST_LAYERS = 1 << 14;

  /// Reads a `config.json`; what it leaves out is as in the library.
  ///
  /// @throws CheckpointException if it is not that of a Llama, or asks for what Jaxon's Llama has
  ///   not
  static LlamaConfig read(ConfigFile file) {
    requireFamily(file);
    refuse(file, "attention_bias");
    refuse(file, "mlp_bias");
    if (file.has("quantization_config")) {
      throw CheckpointException.usage(
          file.place() + ": quantized weights (quantization_config) are not supported");
    }
    int hidden = file.size("hidden_size", MOST_WIDTH);
    int heads = file.size("num_attention_heads", MOST_HEADS);
    int kvHeads = file.optionalSize("num_key_value_heads", MOST_HEADS).orElse(heads);
    if (heads % kvHeads != 0) {
      throw file.wrong("num_key_value_heads", "a divisor of num_attention_heads, " + heads);
    }
    ConfigFile rope = file.object("rope_parameters").orElse(file);
    if (rope.positive("partial_rotary_factor", 1) != 1) {
      throw rope.wrong("partial_rotary_factor", "1");
    }
    return new LlamaConfig(
        file.size("vocab_size", MOST_VOCAB),
        hidden,
        file.size("intermediate_size", MOST_MLP),
        file.size("num_hidden_layers", MOST_LAYERS),
        heads,
        kvHeads,
        headDim(file, hidden, heads),
        activation(file),
        file.positive("rms_norm_eps", 1e-6),
        file.flag("tie_word_embeddings", false),
        theta(rope.has("rope_theta") ? rope : file),
        scaling(file));
  }

  private static void requireFamily(ConfigFile file) {
    boolean isTyped = file.has("model_type");
    boolean isNamed = file.has("architectures");
    if (!isTyped && !isNamed) {
      throw CheckpointException.usage(
          file.place() + " names no model family: neither model_type nor architectures is there");
    }
    if (isTyped && !file.text("model_type", "").equals(MODEL_TYPE)) {
      throw file.wrong("model_type", "'llama', the one family supported so far");
    }
    if (isNamed && !file.lists("architectures", ARCHITECTURE)) {
      throw file.wrong("architectures", "['LlamaForCausalLM'], the one supported so far");
    }
  }

  private static void refuse(ConfigFile file, String key) {
    if (file.flag(key, false)) {
      throw file.wrong(key, "false: Jaxon's Llama has no such biases");
    }
  }

  private static int headDim(ConfigFile file, int hidden, int heads) {
    int headDim =
        file.optionalSize("head_dim", MOST_HEAD_DIM)
            .orElseGet(() -> {
              if (hidden % heads != 0) {
                throw file.wrong(
                    "num_attention_heads", "a divisor of hidden_size where head_dim is absent");
              }
              return hidden / heads;
            });
    if (headDim % 2 != 0 || headDim > MOST_HEAD_DIM) {
      throw CheckpointException.usage(
          "%s: head_dim should be even and at most %,d, found %,d"
              .formatted(file.place(), MOST_HEAD_DIM, headDim));
    }
    return headDim;
  }

  private static String activation(ConfigFile file) {
    String name = file.text("hidden_act", "silu");
    if (!List.of("silu", "swish", "gelu_pytorch_tanh", "gelu_new", "relu").contains(name)) {
      throw file.wrong("hidden_act", "silu, gelu_pytorch_tanh, gelu_new or relu");
    }
    return switch (name) {
      case "swish" -> "silu";
      case "gelu_new" -> "gelu_pytorch_tanh"; // The same formula.
      default -> name;
    };
  }

  private static int theta(ConfigFile object) {
    double theta = object.positive("rope_theta", 10_000);
    if (theta != (int) theta) {
      throw object.wrong("rope_theta", "a whole number below 2^31");
    }
    return (int) theta;
  }

  /// Before version 5 of the library in `rope_scaling`, since then in `rope_parameters`.
  private static RopeScaling scaling(ConfigFile file) {
    return file.object("rope_parameters")
        .or(() -> file.object("rope_scaling"))
        .map(RopeScaling::read)
        .orElseGet(RopeScaling.None::new);
  }

  /// What a configuration says.
  ///
  /// @throws CheckpointException if the library has no way to say it
  static LlamaConfig of(Configuration config) {
    ModelConfig model = config.model();
    requireExpressible(config);
    return new LlamaConfig(
        model.vocabSize(),
        model.embDim(),
        model.mlpDim(),
        model.numDecoderLayers(),
        model.numQueryHeads(),
        model.numKvHeads(),
        model.headDim(),
        libraryName(model.mlpActivations()),
        model.normalizationLayerEpsilon(),
        model.logitsViaEmbedding(),
        config.rope().ropeMaxTimescale(),
        RopeScaling.of(config.rope()));
  }

  private static void requireExpressible(Configuration config) {
    ModelConfig model = config.model();
    List<String> problems = new ArrayList<>();
    if (model.logitsViaEmbedding() && model.normalizeEmbeddingLogits()) {
      problems.add("normalize_embedding_logits=true");
    }
    if (model.finalLogitsSoftCap() != 0) {
      problems.add("final_logits_soft_cap=" + model.finalLogitsSoftCap());
    }
    if (config.attention().attnLogitsSoftCap() != 0) {
      problems.add("attn_logits_soft_cap=" + config.attention().attnLogitsSoftCap());
    }
    if (config.attention().attentionBias()) {
      problems.add("attention_bias=true");
    }
    if (config.rope().ropeMinTimescale() != 1) {
      problems.add("rope_min_timescale=" + config.rope().ropeMinTimescale());
    }
    if (!problems.isEmpty()) {
      throw CheckpointException.usage(
          "a Hugging Face Llama has nothing for " + String.join(" and ", problems));
    }
  }

  private static String libraryName(List<Activation> activations) {
    if (activations.equals(List.of(Activation.SILU, Activation.LINEAR))) {
      return "silu";
    }
    if (activations.equals(List.of(Activation.GELU, Activation.LINEAR))) {
      return "gelu_pytorch_tanh";
    }
    if (activations.equals(List.of(Activation.RELU, Activation.LINEAR))) {
      return "relu";
    }
    throw CheckpointException.usage(
        "a Hugging Face Llama has nothing for mlp_activations=" + activations);
  }

  /// The settings of a configuration that make this model.
  List<String> settings() {
    String activation = hiddenAct.equals("gelu_pytorch_tanh") ? "gelu" : hiddenAct;
    List<String> settings = new ArrayList<>();
    settings.add("decoder_block=llama2");
    settings.add("vocab_size=" + vocabSize);
    settings.add("base_emb_dim=" + hiddenSize);
    settings.add("base_mlp_dim=" + intermediateSize);
    settings.add("base_num_decoder_layers=" + numHiddenLayers);
    settings.add("base_num_query_heads=" + numAttentionHeads);
    settings.add("base_num_kv_heads=" + numKeyValueHeads);
    settings.add("head_dim=" + headDim);
    settings.add("mlp_activations=[" + activation + ", linear]");
    settings.add("normalization_layer_epsilon=" + rmsNormEps);
    settings.add("logits_via_embedding=" + tieWordEmbeddings);
    settings.add("normalize_embedding_logits=false");
    settings.add("rope_min_timescale=1");
    settings.add("rope_max_timescale=" + ropeTheta);
    settings.addAll(ropeScaling.settings());
    return settings;
  }
}
