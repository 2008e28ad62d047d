package jaxon.checkpoint.huggingface;

import java.util.Locale;
import java.util.OptionalInt;
import jaxon.checkpoint.CheckpointException;
import jaxon.graph.type.DType;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Writes a `config.json` with the fields that the transformers library saves for a Llama.
///
/// Types and rotary scaling are written as version 4 of the library does, which version 5 reads.
final class LlamaConfigWriter {
  private static final JsonMapper JSON = new JsonMapper();

  private LlamaConfigWriter() {}

  static ObjectNode write(LlamaConfig config, ModelFacts facts) {
    ObjectNode json = JSON.createObjectNode();
    json.putArray("architectures").add(LlamaConfig.ARCHITECTURE);
    json.put("attention_bias", false);
    json.put("attention_dropout", 0.0);
    putId(json, "bos_token_id", facts.bosTokenId());
    putId(json, "eos_token_id", facts.eosTokenId());
    json.put("head_dim", config.headDim());
    json.put("hidden_act", config.hiddenAct());
    json.put("hidden_size", config.hiddenSize());
    json.put("initializer_range", 0.02);
    json.put("intermediate_size", config.intermediateSize());
    json.put(ModelFacts.MAX_POSITIONS, facts.maxPositionEmbeddings());
    json.put("mlp_bias", false);
    json.put("model_type", LlamaConfig.MODEL_TYPE);
    json.put("num_attention_heads", config.numAttentionHeads());
    json.put("num_hidden_layers", config.numHiddenLayers());
    json.put("num_key_value_heads", config.numKeyValueHeads());
    json.put("pretraining_tp", 1);
    json.put("rms_norm_eps", config.rmsNormEps());
    config.ropeScaling().write(json);
    json.put("rope_theta", (double) config.ropeTheta());
    json.put("tie_word_embeddings", config.tieWordEmbeddings());
    json.put("torch_dtype", libraryName(facts.dtype()));
    json.put("use_cache", true);
    json.put("vocab_size", config.vocabSize());
    return json;
  }

  /// A repository's own file, with the type that its weights have now.
  static ObjectNode withDType(ConfigFile original, DType dtype) {
    ObjectNode json = original.copy();
    String key = original.has("dtype") ? "dtype" : "torch_dtype";
    String name = libraryName(dtype);
    // Left as it is where it says so already, or says nothing about weights that were kept.
    if (original.has(key) && !original.text(key, "").equals(name)) {
      json.put(key, name);
    }
    return json;
  }

  private static void putId(ObjectNode json, String key, OptionalInt id) {
    if (id.isPresent()) {
      json.put(key, id.getAsInt());
    } else {
      json.putNull(key);
    }
  }

  private static String libraryName(DType dtype) {
    return switch (dtype) {
      case F64 -> "float64";
      case F32 -> "float32";
      case BF16 -> "bfloat16";
      case F16 -> "float16";
      case I1, I8, I32, I64, UI8, UI32, UI64 ->
          throw CheckpointException.usage(
              "weights of type " + dtype.name().toLowerCase(Locale.ROOT) + " are not supported");
    };
  }
}
