package jaxon.peers;

import static org.bytedeco.pytorch.global.torch.arange;
import static org.bytedeco.pytorch.global.torch.cat;
import static org.bytedeco.pytorch.global.torch.cross_entropy_loss;
import static org.bytedeco.pytorch.global.torch.embedding;
import static org.bytedeco.pytorch.global.torch.full;
import static org.bytedeco.pytorch.global.torch.rms_norm;
import static org.bytedeco.pytorch.global.torch.silu;

import jaxon.config.ModelConfig;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch.ScalarType;

/// Llama in PyTorch's operations: RMSNorm, half-split RoPE, causal attention, SwiGLU, an output
/// layer of its own. Legend: B sequences, S tokens, D width, H heads, K head width, V vocabulary.
final class TorchLlama {
  private final ModelConfig model;
  private final TorchWeights weights;
  private final ScalarType dtype;
  private final AttentionVariant attention;
  private final Tensor cos; // [S, K/2]
  private final Tensor sin;
  private final Tensor mask; // [S, S]

  /// @param dtype what is computed in; float32 weights are cast to it once a step
  /// @param length S
  /// @param maxTimescale of the rotary embedding
  TorchLlama(
      ModelConfig model,
      TorchWeights weights,
      ScalarType dtype,
      AttentionVariant attention,
      long length,
      double maxTimescale) {
    this.model = model;
    this.weights = weights;
    this.dtype = dtype;
    this.attention = attention;
    long half = model.headDim() / 2;
    double slope = -Math.log(maxTimescale) / half;
    Tensor frequencies = counts(half).mul(new Scalar(slope)).exp();
    Tensor angles = counts(length).unsqueeze(1).mul(frequencies.unsqueeze(0));
    cos = angles.cos().to(dtype);
    sin = angles.sin().to(dtype);
    mask =
        full(new long[] {length, length}, new Scalar(Double.NEGATIVE_INFINITY)).triu(1).to(dtype);
  }

  private static Tensor counts(long n) {
    return arange(new Scalar(0L), new Scalar(n)).to(ScalarType.Float);
  }

  /// The mean cross entropy (float32) of ids `[B, S]` and targets `[B * S]`.
  Tensor loss(Tensor ids, Tensor targets) {
    Tensor x = cast(embedding(weights.get("tokenEmbedder.embedding"), ids)); // [B, S, D]
    for (int layer = 0; layer < model.numDecoderLayers(); layer++) {
      x = layer(x, "layers." + layer + ".");
    }
    Tensor logits =
        norm(x, "decoderNorm").matmul(cast(weights.get("logitsDense.kernel"))); // [B, S, V]
    return cross_entropy_loss(logits.view(-1, model.vocabSize()).to(ScalarType.Float), targets);
  }

  private Tensor layer(Tensor x, String path) {
    Tensor normal = norm(x, path + "preSelfAttentionLayerNorm");
    Tensor q = rotate(heads(normal, path + "selfAttention.query"));
    Tensor k = rotate(heads(normal, path + "selfAttention.key"));
    Tensor v = heads(normal, path + "selfAttention.value");
    Tensor context = attention.apply(q, k, v, mask).transpose(1, 2).reshape(x.sizes());
    Tensor between = x.add(context.matmul(kernel(path + "selfAttention.out", x.size(2))));
    Tensor hidden = norm(between, path + "postSelfAttentionLayerNorm");
    Tensor gate = silu(hidden.matmul(cast(weights.get(path + "mlp.wi.0.kernel"))));
    Tensor up = hidden.matmul(cast(weights.get(path + "mlp.wi.1.kernel")));
    return between.add(gate.mul(up).matmul(cast(weights.get(path + "mlp.wo.kernel"))));
  }

  /// `[B, H, S, K]` from `[B, S, D]`.
  private Tensor heads(Tensor x, String path) {
    long width = (long) model.numQueryHeads() * model.headDim();
    return x.matmul(kernel(path, width))
        .view(x.size(0), x.size(1), model.numQueryHeads(), model.headDim())
        .transpose(1, 2);
  }

  /// A kernel of heads as a matrix with `columns` columns.
  private Tensor kernel(String path, long columns) {
    return cast(weights.get(path + ".kernel")).view(-1, columns);
  }

  private Tensor rotate(Tensor x) {
    TensorVector halves = x.chunk(2, -1);
    Tensor a = halves.get(0);
    Tensor b = halves.get(1);
    return cat(new TensorVector(a.mul(cos).sub(b.mul(sin)), b.mul(cos).add(a.mul(sin))), -1);
  }

  private Tensor norm(Tensor x, String path) {
    return rms_norm(
        x,
        new long[] {x.size(-1)},
        new TensorOptional(cast(weights.get(path + ".scale"))),
        new DoubleOptional(model.normalizationLayerEpsilon()));
  }

  private Tensor cast(Tensor tensor) {
    return tensor.to(dtype);
  }
}
