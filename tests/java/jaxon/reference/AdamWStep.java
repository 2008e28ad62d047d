package jaxon.reference;

/// AdamW as optax has it, after clipping by the global norm; changes weights and moments in place.
///
/// @param clip limit of the gradients' global norm; 0 for none
public record AdamWStep(
    double b1, double b2, double epsilon, double epsilonRoot, double weightDecay, double clip) {
  /// First and second moments.
  public record Moments(LlamaWeights first, LlamaWeights second) {
    public static Moments zeros(LlamaWeights like) {
      return new Moments(like.zeros(), like.zeros());
    }
  }

  /// The norm of all gradients together.
  public static double globalNorm(LlamaWeights gradients) {
    double squares = 0;
    for (double[] values : gradients.tensors().values()) {
      for (double g : values) {
        squares += g * g;
      }
    }
    return Math.sqrt(squares);
  }

  /// Update number `t`, counted from 1.
  public void apply(
      LlamaWeights weights, LlamaWeights gradients, Moments moments, int t, double rate) {
    double norm = globalNorm(gradients);
    double scale = clip > 0 ? Math.min(1, clip / norm) : 1;
    for (String name : weights.tensors().keySet()) {
      double[] p = weights.get(name);
      double[] g = gradients.get(name);
      double[] m = moments.first.get(name);
      double[] v = moments.second.get(name);
      for (int i = 0; i < p.length; i++) {
        double clipped = g[i] * scale;
        m[i] = b1 * m[i] + (1 - b1) * clipped;
        v[i] = b2 * v[i] + (1 - b2) * clipped * clipped;
        double mean = m[i] / (1 - Math.pow(b1, t));
        double variance = v[i] / (1 - Math.pow(b2, t));
        double step = mean / (Math.sqrt(variance + epsilonRoot) + epsilon) + weightDecay * p[i];
        p[i] -= rate * step;
      }
    }
  }
}
