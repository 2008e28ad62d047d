package jaxon.reference;

/// Sizes and constants of a Llama.
///
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
    double normEpsilon,
    boolean tied) {
  /// Small enough to differentiate every parameter numerically; heads share keys in pairs, and
  /// heads times head size is not the embedding size.
  public static LlamaShape tiny(boolean tied) {
    return new LlamaShape(11, 6, 2, 4, 2, 4, 10, 10_000, 1e-5, tied);
  }

  int queries() {
    return heads * headDim;
  }

  int keys() {
    return kvHeads * headDim;
  }
}
