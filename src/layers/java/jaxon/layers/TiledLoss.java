package jaxon.layers;

import java.util.List;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Ops;
import jaxon.graph.type.DType;
import jaxon.graph.type.TensorType;

/// The loss of some tokens and its gradient, in plain operations.
///
/// With logits l, p = softmax(l) and n = logsumexp(l), a token with weight w and target t has xent
/// = n - l_t + λn², and its cotangent of l is w · (p · (1 + 2λn) - onehot(t)).
///
/// @param output the output layer, with its kernel in the type of the matmul
/// @param kernelType type of the kernel's gradient
record TiledLoss(OutputLayer output, double zLossMultiplier, DType kernelType) {
  /// Type and shape of the kernel's gradient.
  TensorType kernelGradientType() {
    return output.kernel().type().withDType(kernelType);
  }

  /// Weighted sums of xent and z-loss for `(hidden [N, D], targets [N], weights [N])`.
  List<Array> sums(List<Array> tokens) {
    return sums(output.apply(tokens.get(0)), tokens);
  }

  private List<Array> sums(Array logits, List<Array> tokens) {
    CrossEntropy.PerToken losses = new CrossEntropy(zLossMultiplier).apply(logits, tokens.get(1));
    Array weights = tokens.get(2);
    return List.of(losses.xent().mul(weights).sum(), losses.zLoss().mul(weights).sum());
  }

  /// The sums, then the gradients of the first in hidden and kernel.
  List<Array> gradient(List<Array> tokens) {
    Array hidden = tokens.get(0);
    Array dot = output.dot(hidden);
    Array logits = output.finish(dot);
    List<Array> sums = sums(logits, tokens);
    Array dDot = ofDot(ofLogits(logits, tokens.get(1), tokens.get(2)), logits, dot.dtype());
    Array kernel = output.kernel();
    boolean isEmbedding = output.isEmbedding();
    Array dHidden = Ops.einsum(isEmbedding ? "nv,vd->nd" : "nv,dv->nd", dDot, kernel);
    Array rows = hidden.astype(output.dotType());
    Array dKernel =
        isEmbedding
            ? Ops.einsum("nv,nd->vd", dDot, rows, kernelType)
            : Ops.einsum("nd,nv->dv", rows, dDot, kernelType);
    return List.of(sums.get(0), sums.get(1), dHidden.astype(hidden.dtype()), dKernel);
  }

  private Array ofLogits(Array logits, Array targets, Array weights) {
    Array precise = logits.astype(weights.dtype());
    Array normalizer = Ops.logSumExp(precise); // [N, 1]
    Array softmax = precise.sub(normalizer).exp();
    Array steep =
        zLossMultiplier == 0 ? softmax : softmax.mul(normalizer.mul(2 * zLossMultiplier).add(1));
    Array index = Ops.iota(logits.type().withDType(DType.I32), 1);
    Array isTarget = index.eq(targets.expandDims(-1)).astype(precise.dtype());
    return steep.sub(isTarget).mul(weights.expandDims(-1));
  }

  /// Back through the cap and the scale.
  private Array ofDot(Array cotangent, Array logits, DType dotType) {
    double cap = output.softCap();
    Array uncapped = cotangent;
    if (cap != 0) {
      Array ratio = logits.astype(cotangent.dtype()).div(cap);
      uncapped = cotangent.mul(Ops.constant(cotangent.dtype(), 1).sub(ratio.square()));
    }
    Array scaled = output.divisor() == 1 ? uncapped : uncapped.div(output.divisor());
    return scaled.astype(dotType);
  }
}
