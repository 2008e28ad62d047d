package jaxon.reference;

/// One pre-norm decoder layer: `h = x + attention(norm(x))`, `y = h + mlp(norm(h))`; holds what its
/// backward pass reads.
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record DecoderLayer(
    int index,
    LlamaWeights weights,
    Rotary queryRotary,
    Rotary keyRotary,
    RmsNorm attentionNorm,
    SoftmaxAttention attention,
    RmsNorm mlpNorm,
    SwiGlu mlp,
    double[] y) {
  static DecoderLayer forward(int index, LlamaWeights weights, TokenRows tokens, double[] x) {
    LlamaShape s = weights.shape();
    Rotary queries = new Rotary(s.heads(), s.headDim(), s.ropeFrequencies(), tokens.positions());
    Rotary keys = new Rotary(s.kvHeads(), s.headDim(), s.ropeFrequencies(), tokens.positions());
    RmsNorm norm = RmsNorm.forward(x, weight(weights, index, "input_layernorm"), s.normEpsilon());
    double[] q =
        Dense.apply(norm.y(), weight(weights, index, "self_attn.q_proj"), s.embed(), s.queries());
    double[] k =
        Dense.apply(norm.y(), weight(weights, index, "self_attn.k_proj"), s.embed(), s.keys());
    double[] v =
        Dense.apply(norm.y(), weight(weights, index, "self_attn.v_proj"), s.embed(), s.keys());
    SoftmaxAttention attention =
        SoftmaxAttention.forward(s, tokens, queries.forward(q), keys.forward(k), v);
    double[] o = weight(weights, index, "self_attn.o_proj");
    double[] h = Dense.sum(x, Dense.apply(attention.context(), o, s.queries(), s.embed()));
    RmsNorm norm2 =
        RmsNorm.forward(h, weight(weights, index, "post_attention_layernorm"), s.normEpsilon());
    double[] gate =
        Dense.apply(norm2.y(), weight(weights, index, "mlp.gate_proj"), s.embed(), s.mlp());
    double[] up = Dense.apply(norm2.y(), weight(weights, index, "mlp.up_proj"), s.embed(), s.mlp());
    SwiGlu mlp = SwiGlu.forward(gate, up);
    double[] down = weight(weights, index, "mlp.down_proj");
    double[] y = Dense.sum(h, Dense.apply(mlp.y(), down, s.mlp(), s.embed()));
    return new DecoderLayer(index, weights, queries, keys, norm, attention, norm2, mlp, y);
  }

  /// The cotangent of the layer's input; adds those of its weights to `gradients`.
  double[] backward(double[] dy, LlamaWeights gradients) {
    double[] dh = Dense.sum(dy, pullMlp(dy, gradients));
    return Dense.sum(dh, pullAttention(dh, gradients));
  }

  private double[] pullMlp(double[] dy, LlamaWeights gradients) {
    LlamaShape s = weights.shape();
    double[] dAct = pullDense("mlp.down_proj", mlp.y(), dy, s.mlp(), s.embed(), gradients);
    double[] dGate = mlp.gateGradient(dAct);
    double[] dUp = mlp.upGradient(dAct);
    double[] dNorm =
        Dense.sum(
            pullDense("mlp.gate_proj", mlpNorm.y(), dGate, s.embed(), s.mlp(), gradients),
            pullDense("mlp.up_proj", mlpNorm.y(), dUp, s.embed(), s.mlp(), gradients));
    return pullNorm("post_attention_layernorm", mlpNorm, dNorm, gradients);
  }

  private double[] pullAttention(double[] dh, LlamaWeights gradients) {
    LlamaShape s = weights.shape();
    double[] dContext =
        pullDense("self_attn.o_proj", attention.context(), dh, s.queries(), s.embed(), gradients);
    SoftmaxAttention.Gradients d = attention.backward(dContext);
    double[] dq = queryRotary.inputGradient(d.q());
    double[] dk = keyRotary.inputGradient(d.k());
    double[] x = attentionNorm.y();
    double[] fromQ = pullDense("self_attn.q_proj", x, dq, s.embed(), s.queries(), gradients);
    double[] fromK = pullDense("self_attn.k_proj", x, dk, s.embed(), s.keys(), gradients);
    double[] fromV = pullDense("self_attn.v_proj", x, d.v(), s.embed(), s.keys(), gradients);
    double[] dNorm = Dense.sum(Dense.sum(fromQ, fromK), fromV);
    return pullNorm("input_layernorm", attentionNorm, dNorm, gradients);
  }

  private double[] pullDense(
      String name, double[] x, double[] dy, int in, int out, LlamaWeights gradients) {
    gradients.add(LlamaWeights.layer(index, name), Dense.weightGradient(x, dy, in, out));
    return Dense.inputGradient(dy, weight(weights, index, name), in, out);
  }

  private double[] pullNorm(String name, RmsNorm norm, double[] dy, LlamaWeights gradients) {
    gradients.add(LlamaWeights.layer(index, name), norm.weightGradient(dy));
    return norm.inputGradient(dy, weight(weights, index, name));
  }

  private static double[] weight(LlamaWeights weights, int index, String name) {
    return weights.get(LlamaWeights.layer(index, name));
  }
}
