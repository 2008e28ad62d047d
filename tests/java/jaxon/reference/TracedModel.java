package jaxon.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jaxon.config.Configuration;
import jaxon.graph.trace.Array;
import jaxon.graph.tree.Tree;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;
import jaxon.layers.CausalLm;
import jaxon.layers.Configs;
import jaxon.layers.models.Models;

/// The traced model of a shape, and the way of weights to it and back.
///
/// Knows how the traced model lays out what Hugging Face stores as `[out, in]`: transposed, with
/// heads split, and with a leading dim of layers when they are scanned.
///
/// @param template the model on placeholders
public record TracedModel(LlamaShape shape, Configuration config, CausalLm template) {
  private static final Pattern LAYER =
      Pattern.compile("layers\\.(stacked|layers\\.(?<index>\\d+))\\.(?<rest>.*)");

  /// The model of a shape, with further settings.
  public static TracedModel of(LlamaShape shape, String... settings) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "vocab_size=" + shape.vocab(),
                "base_emb_dim=" + shape.embed(),
                "base_num_decoder_layers=" + shape.layers(),
                "base_num_query_heads=" + shape.heads(),
                "base_num_kv_heads=" + shape.kvHeads(),
                "head_dim=" + shape.headDim(),
                "base_mlp_dim=" + shape.mlp(),
                "rope_max_timescale=" + Math.round(shape.ropeTheta()),
                "normalization_layer_epsilon=" + shape.normEpsilon(),
                "logits_via_embedding=" + shape.tied(),
                "normalize_embedding_logits=false"));
    all.addAll(List.of(settings));
    Configuration config = Configs.tiny(all.toArray(String[]::new));
    return new TracedModel(shape, config, Models.init(config).template());
  }

  /// The parameters as the traced model takes them, in the order of its leaves.
  public List<Literal> literals(LlamaWeights weights) {
    List<Literal> literals = new ArrayList<>();
    Tree.leavesByPath(template)
        .forEach((path, leaf) -> {
          double[] values = values(path, leaf.type(), weights);
          literals.add(Literal.generate(leaf.type(), i -> values[(int) i]));
        });
    return literals;
  }

  /// Requires leaf values that differ from `expected` by no more than `tolerance` times the largest
  /// magnitude of their tensor.
  public void assertClose(List<Literal> leaves, LlamaWeights expected, double tolerance) {
    SequencedMap<String, Array> byPath = Tree.leavesByPath(template);
    assertThat(leaves).hasSameSizeAs(byPath.values());
    int next = 0;
    for (String path : byPath.keySet()) {
      double[] values = values(path, leaves.get(next).type(), expected);
      assertClose(path, leaves.get(next++).toDoubles(), values, tolerance);
    }
  }

  /// Requires values that differ by no more than `tolerance` times the largest expected magnitude.
  public static void assertClose(String what, double[] found, double[] expected, double tolerance) {
    assertThat(found).as(what).hasSameSizeAs(expected);
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < found.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      // Not Math.max alone: NaN must not pass.
      difference =
          Double.isNaN(found[i])
              ? Double.NaN
              : Math.max(difference, Math.abs(found[i] - expected[i]));
    }
    assertThat(difference)
        .as("difference of %s, relative", what)
        .isLessThanOrEqualTo(tolerance * largest);
  }

  private double[] values(String path, TensorType type, LlamaWeights weights) {
    Matcher layer = LAYER.matcher(path);
    if (!layer.matches()) {
      return oriented(path, outside(path, weights), type);
    }
    String name = inLayer(layer.group("rest"));
    String index = layer.group("index");
    if (index != null) {
      String full = LlamaWeights.layer(Integer.parseInt(index), name);
      return oriented(path, weights.get(full), type);
    }
    int size = Math.toIntExact(type.shape().elements()) / shape.layers();
    double[] stacked = new double[size * shape.layers()];
    for (int i = 0; i < shape.layers(); i++) {
      double[] one = oriented(path, weights.get(LlamaWeights.layer(i, name)), type);
      System.arraycopy(one, 0, stacked, i * size, size);
    }
    return stacked;
  }

  private static double[] outside(String path, LlamaWeights weights) {
    return switch (path) {
      case "tokenEmbedder.embedding" -> weights.get(LlamaWeights.EMBEDDING);
      case "decoderNorm.scale" -> weights.get(LlamaWeights.FINAL_NORM);
      case "logitsDense.kernel" -> weights.get(LlamaWeights.HEAD);
      default -> throw new IllegalArgumentException("unknown parameter " + path);
    };
  }

  private static String inLayer(String rest) {
    return switch (rest) {
      case "preSelfAttentionLayerNorm.scale" -> "input_layernorm";
      case "selfAttention.query.kernel" -> "self_attn.q_proj";
      case "selfAttention.key.kernel" -> "self_attn.k_proj";
      case "selfAttention.value.kernel" -> "self_attn.v_proj";
      case "selfAttention.out.kernel" -> "self_attn.o_proj";
      case "postSelfAttentionLayerNorm.scale" -> "post_attention_layernorm";
      case "mlp.wi.0.kernel" -> "mlp.gate_proj";
      case "mlp.wi.1.kernel" -> "mlp.up_proj";
      case "mlp.wo.kernel" -> "mlp.down_proj";
      default -> throw new IllegalArgumentException("unknown parameter of a layer: " + rest);
    };
  }

  /// Kernels are the transposed matrices; all else is as stored.
  private double[] oriented(String path, double[] values, TensorType type) {
    if (!path.endsWith(".kernel")) {
      return values;
    }
    int out = outputs(path, type);
    int in = values.length / out;
    double[] transposed = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      transposed[i % in * out + i / in] = values[i];
    }
    return transposed;
  }

  private int outputs(String path, TensorType type) {
    boolean heads = path.contains("selfAttention") && !path.contains("selfAttention.out");
    long last = type.shape().dim(-1);
    return Math.toIntExact(heads ? last * type.shape().dim(-2) : last);
  }
}
