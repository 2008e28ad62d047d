package jaxon.layers;

import java.util.List;
import java.util.Map;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Control;
import jaxon.graph.trace.Ops;
import jaxon.graph.type.DType;
import jaxon.graph.type.ShapeException;

/// Softmax cross entropy of each token, with a penalty on the softmax's normalizer ("z-loss",
/// Chowdhery et al., "PaLM", 2022).
///
/// @param zLossMultiplier λ, the weight of the penalty
public record CrossEntropy(double zLossMultiplier) {
  /// Name of the composite `(logits [N, V], targets [N]) -> (xent [N], z-loss [N])` with attribute
  /// `z_loss_multiplier`.
  public static final String COMPOSITE = "jaxon.cross_entropy";

  /// Losses of each token, float32 (float64 for float64 logits).
  ///
  /// @param xent logsumexp - logit of the target + λ · logsumexp²
  /// @param zLoss λ · logsumexp², which is part of `xent`
  public record PerToken(Array xent, Array zLoss) {}

  /// Losses `[B, T]` of logits `[B, T, V]` for targets `[B, T]` (integers below V).
  public PerToken apply(Array logits, Array targets) {
    if (logits.rank() < 1
        || !logits.shape().without(List.of(logits.rank() - 1)).equals(targets.shape())) {
      throw new ShapeException(
          "cross entropy takes logits [..., V] and targets [...], got "
              + logits.type()
              + " and "
              + targets.type());
    }
    Array rows = logits.reshape(targets.shape().elements(), logits.dim(-1)); // [N, V]
    Array flat = targets.reshape(targets.shape().elements()).astype(DType.I32); // [N]
    List<Array> losses =
        Control.composite(
            COMPOSITE,
            Map.of("z_loss_multiplier", Double.toString(zLossMultiplier)),
            List.of(rows, flat),
            args -> losses(args.get(0), args.get(1)));
    return new PerToken(
        losses.get(0).reshape(targets.shape()), losses.get(1).reshape(targets.shape()));
  }

  private List<Array> losses(Array logits, Array targets) {
    Array precise = logits.astype(DTypes.precise(logits.dtype()));
    Array normalizer = Ops.logSumExp(precise).squeeze(-1); // [N]
    Array ofTarget = Ops.takeAlongLast(precise, targets); // [N]
    Array xent = normalizer.sub(ofTarget);
    if (zLossMultiplier == 0) {
      return List.of(xent, Ops.zeros(xent.type())); // 0 times an overflowed square would be NaN.
    }
    Array zLoss = normalizer.square().mul(zLossMultiplier);
    return List.of(xent.add(zLoss), zLoss);
  }
}
