package jaxon.reference;

/// Cross entropy with z-loss, averaged over the tokens whose target segment is not 0.
///
/// Per token `L = z − logit_target + λ z²` with `z = log Σ exp(logits)`.
///
/// @param mean average of `L`
/// @param zLoss average of `λ z²`
/// @param dLogits gradient of `mean`: `(softmax · (1 + 2 λ z) − onehot) / tokens`
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record TokenLoss(double mean, double zLoss, int tokens, double[] dLogits) {
  public static TokenLoss of(double[] logits, TokenRows rows, double zLossMultiplier) {
    int vocab = logits.length / rows.size();
    int tokens = 0;
    for (int segment : rows.targetSegments()) {
      tokens += segment != 0 ? 1 : 0;
    }
    double sum = 0;
    double zSum = 0;
    double[] dLogits = new double[logits.length];
    for (int n = 0; n < rows.size(); n++) {
      if (rows.targetSegments()[n] == 0) {
        continue;
      }
      double z = logSumExp(logits, n * vocab, vocab);
      int target = n * vocab + rows.targets()[n];
      sum += z - logits[target] + zLossMultiplier * z * z;
      zSum += zLossMultiplier * z * z;
      for (int i = n * vocab; i < (n + 1) * vocab; i++) {
        dLogits[i] = Math.exp(logits[i] - z) * (1 + 2 * zLossMultiplier * z) / tokens;
      }
      dLogits[target] -= 1.0 / tokens;
    }
    return new TokenLoss(sum / tokens, zSum / tokens, tokens, dLogits);
  }

  private static double logSumExp(double[] x, int from, int size) {
    double max = Double.NEGATIVE_INFINITY;
    for (int i = from; i < from + size; i++) {
      max = Math.max(max, x[i]);
    }
    double sum = 0;
    for (int i = from; i < from + size; i++) {
      sum += Math.exp(x[i] - max);
    }
    return max + Math.log(sum);
  }
}
