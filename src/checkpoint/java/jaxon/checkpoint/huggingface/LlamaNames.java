package jaxon.checkpoint.huggingface;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jaxon.checkpoint.CheckpointException;
import jaxon.graph.type.Shape;

/// The parameters of `LlamaForCausalLM` of the transformers library.
final class LlamaNames {
  static final String EMBEDDING = "model.embed_tokens.weight";
  static final String HEAD = "lm_head.weight";

  private static final Pattern IN_LAYER =
      Pattern.compile("layers\\.(?:stacked|layers\\.(?<index>\\d+))\\.(?<rest>.+)");

  /// Buffers that old repositories hold beside the parameters; they follow from the configuration.
  private static final Pattern DERIVED =
      Pattern.compile("model\\.layers\\.\\d+\\.self_attn\\.rotary_emb\\.inv_freq");

  private record Weight(String name, int inputDims) {}

  private LlamaNames() {}

  /// What the parameter at a path of `shape` is bound to.
  static Binding binding(String path, Shape shape) {
    Matcher layer = IN_LAYER.matcher(path);
    if (!layer.matches()) {
      Weight weight = outside(path);
      return new Binding(path, shape, List.of(weight.name()), false, weight.inputDims());
    }
    Weight weight = inLayer(layer.group("rest"));
    String index = layer.group("index");
    if (index != null) {
      String name = inLayer(Integer.parseInt(index), weight.name());
      return new Binding(path, shape, List.of(name), false, weight.inputDims());
    }
    List<String> names = new ArrayList<>();
    for (int i = 0; i < shape.dim(0); i++) {
      names.add(inLayer(i, weight.name()));
    }
    return new Binding(path, shape, names, true, weight.inputDims());
  }

  static String inLayer(int index, String rest) {
    return "model.layers." + index + "." + rest + ".weight";
  }

  /// Whether a parameter of this path has a leading dim of layers.
  static boolean isStacked(String path) {
    return path.startsWith("layers.stacked.");
  }

  static boolean isDerived(String name) {
    return DERIVED.matcher(name).matches();
  }

  private static Weight outside(String path) {
    return switch (path) {
      case "tokenEmbedder.embedding" -> new Weight(EMBEDDING, 0);
      case "decoderNorm.scale" -> new Weight("model.norm.weight", 0);
      case "logitsDense.kernel" -> new Weight(HEAD, 1);
      default -> throw unknown(path);
    };
  }

  private static Weight inLayer(String path) {
    return switch (path) {
      case "preSelfAttentionLayerNorm.scale" -> new Weight("input_layernorm", 0);
      case "selfAttention.query.kernel" -> new Weight("self_attn.q_proj", 1);
      case "selfAttention.key.kernel" -> new Weight("self_attn.k_proj", 1);
      case "selfAttention.value.kernel" -> new Weight("self_attn.v_proj", 1);
      case "selfAttention.out.kernel" -> new Weight("self_attn.o_proj", 2);
      case "postSelfAttentionLayerNorm.scale" -> new Weight("post_attention_layernorm", 0);
      case "mlp.wi.0.kernel" -> new Weight("mlp.gate_proj", 1);
      case "mlp.wi.1.kernel" -> new Weight("mlp.up_proj", 1);
      case "mlp.wo.kernel" -> new Weight("mlp.down_proj", 1);
      default -> throw unknown(path);
    };
  }

  private static CheckpointException unknown(String path) {
    return CheckpointException.usage(
        "parameter '" + path + "' has no name in a Hugging Face Llama repository");
  }
}
