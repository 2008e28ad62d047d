package jaxon.reference;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.random.RandomGenerator;

/// Parameters by their Hugging Face names, each row-major as Hugging Face stores it: matrices are
/// `[out, in]`.
public record LlamaWeights(LlamaShape shape, SequencedMap<String, double[]> tensors) {
  static final String EMBEDDING = "model.embed_tokens.weight";
  static final String FINAL_NORM = "model.norm.weight";
  static final String HEAD = "lm_head.weight";

  /// Normally distributed matrices of standard deviation 0.5 and norm weights around 1, rounded to
  /// float32 so that a float32 model can take the same ones.
  public static LlamaWeights random(LlamaShape shape, RandomGenerator random) {
    SequencedMap<String, double[]> tensors = new LinkedHashMap<>();
    sizes(shape)
        .forEach((name, size) -> {
          double center = name.contains("norm") ? 1 : 0;
          double[] values = new double[size];
          for (int i = 0; i < size; i++) {
            values[i] = (float) (center + 0.5 * random.nextGaussian());
          }
          tensors.put(name, values);
        });
    return new LlamaWeights(shape, tensors);
  }

  /// The same names with zeros: where gradients are gathered.
  public LlamaWeights zeros() {
    SequencedMap<String, double[]> zeros = new LinkedHashMap<>();
    tensors.forEach((name, values) -> zeros.put(name, new double[values.length]));
    return new LlamaWeights(shape, zeros);
  }

  double[] get(String name) {
    double[] values = tensors.get(name);
    if (values == null) {
      throw new IllegalArgumentException("no weight '" + name + "'; there are " + tensors.keySet());
    }
    return values;
  }

  /// The head's matrix `[vocab, embed]`.
  double[] head() {
    return get(shape.tied() ? EMBEDDING : HEAD);
  }

  /// Adds `values` to one tensor.
  void add(String name, double[] values) {
    double[] sum = get(name);
    for (int i = 0; i < sum.length; i++) {
      sum[i] += values[i];
    }
  }

  static String layer(int index, String rest) {
    return "model.layers." + index + "." + rest + ".weight";
  }

  private static SequencedMap<String, Integer> sizes(LlamaShape s) {
    SequencedMap<String, Integer> sizes = new LinkedHashMap<>();
    sizes.put(EMBEDDING, s.vocab() * s.embed());
    for (int i = 0; i < s.layers(); i++) {
      sizes.put(layer(i, "input_layernorm"), s.embed());
      sizes.put(layer(i, "self_attn.q_proj"), s.queries() * s.embed());
      sizes.put(layer(i, "self_attn.k_proj"), s.keys() * s.embed());
      sizes.put(layer(i, "self_attn.v_proj"), s.keys() * s.embed());
      sizes.put(layer(i, "self_attn.o_proj"), s.embed() * s.queries());
      sizes.put(layer(i, "post_attention_layernorm"), s.embed());
      sizes.put(layer(i, "mlp.gate_proj"), s.mlp() * s.embed());
      sizes.put(layer(i, "mlp.up_proj"), s.mlp() * s.embed());
      sizes.put(layer(i, "mlp.down_proj"), s.embed() * s.mlp());
    }
    sizes.put(FINAL_NORM, s.embed());
    if (!s.tied()) {
      sizes.put(HEAD, s.vocab() * s.embed());
    }
    return sizes;
  }
}
