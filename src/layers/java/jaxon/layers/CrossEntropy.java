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
public final class CrossEntropy {
  /// Name of the composite `(logits [N, V], targets i32[N]) -> (total [N], z-loss [N])` with
  /// attribute `z_loss_multiplier`.
  public static final String COMPOSITE = "jaxon.cross_entropy";

  private CrossEntropy() {}

  /// Losses of each token, `[N]`, float32 (float64 for float64 logits).
  ///
  /// @param total logsumexp - logit of the target + λ · logsumexp²
  /// @param zLoss λ · logsumexp², which is part of the total
  public record PerToken(Array total, Array zLoss) {}

  /// Losses of logits `[N, V]` for targets `[N]` (`i32`, below V).
  ///
  /// @param zLossMultiplier λ, the weight of the penalty; 0: none
  public static PerToken apply(Array logits, Array targets, double zLossMultiplier) {
    if (logits.rank() != 2 || targets.rank() != 1 || logits.dim(0) != targets.dim(0)) {
      throw new ShapeException(
          "cross entropy takes logits [N, V] and targets [N]; reshape batch and length to one dim;"
              + " got "
              + logits.type()
              + " and "
              + targets.type());
    }
    List<Array> losses =
        Control.composite(
            COMPOSITE,
            Map.of("z_loss_multiplier", Double.toString(zLossMultiplier)),
            List.of(logits, targets.astype(DType.I32)),
            args -> losses(args.get(0), args.get(1), zLossMultiplier));
    return new PerToken(losses.get(0), losses.get(1));
  }

  private static List<Array> losses(Array logits, Array targets, double zLossMultiplier) {
    Array precise = logits.astype(FloatTypes.precise(logits.dtype()));
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
