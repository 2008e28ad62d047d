package jaxon.reference;

import java.util.Optional;

/// Sizes and constants of a Llama.
///
/// @param ropeStretch how rotary frequencies are stretched, if they are
/// @param tied whether the head is the transposed embedding table
public record LlamaShape(
    int vocab,
    int embed,
    int layers,
    int heads,
    int kvHeads,
    int headDim,
    int mlp,
    double ropeTheta,
    Optional<RopeStretch> ropeStretch,
    double normEpsilon,
    boolean tied) {
  /// Small enough to differentiate every parameter numerically; heads share keys in pairs, and
  /// heads times head size is not the embedding size.
  public static LlamaShape tiny(boolean tied) {
    return new LlamaShape(11, 6, 2, 4, 2, 4, 10, 10_000, Optional.empty(), 1e-5, tied);
  }

  /// Radians by which each pair of elements of a head turns from one position to the next.
  double[] ropeFrequencies() {
    double[] frequencies = new double[headDim / 2];
    for (int i = 0; i < frequencies.length; i++) {
      double plain = Math.pow(ropeTheta, -2.0 * i / headDim);
      frequencies[i] = ropeStretch.map(stretch -> stretch.apply(plain)).orElse(plain);
    }
    return frequencies;
  }

  public int queries() {
    return heads * headDim;
  }

  int keys() {
    return kvHeads * headDim;
  }
}
