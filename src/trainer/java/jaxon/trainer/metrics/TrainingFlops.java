package jaxon.trainer.metrics;

/// The floating-point work of training a decoder: the one formula behind every TFLOP/s of Jaxon.
///
/// A multiply-add counts as two operations, and the backward pass as twice the forward pass, so a token
/// costs
///
///     6 * P + 6 * L * A * S
///
/// `P` is the number of parameters that stand in a matrix multiplication: attention and MLP projections
/// of all layers and the output projection. The lookup in the input embedding is no multiplication and
/// does not count; tied embeddings are counted once, as the output projection. `L` is the number of
/// layers, `A = queryHeads * headDim`, `S` the sequence length. The second term is attention itself:
/// scores and weighted values, 12 * L * A * S without a mask, half of it under a causal one.
///
/// Neither norms, softmax and other elementwise work nor what rematerialisation computes again counts:
/// the number is the work of the *model*, so it divides into a model FLOP utilisation (MFU). Narayanan
/// et al. 2021, <https://arxiv.org/abs/2104.04473>, count the same terms, for a full mask and with
/// recomputation.
public final class TrainingFlops {
  private TrainingFlops() {}

  /// Operations for one token of a full sequence, forward and backward.
  ///
  /// @throws ArithmeticException if the number does not fit in 63 bits
  public static long perToken(ModelShape shape) {
    long attention = product(shape.layers(), attentionDim(shape), shape.sequenceLength());
    return product(6, Math.addExact(matmulParameters(shape), attention));
  }

  /// Operations for a step over `tokens` tokens, which may exceed 63 bits.
  public static double perStep(ModelShape shape, long tokens) {
    if (tokens < 0) {
      throw new IllegalArgumentException("a step cannot have " + tokens + " tokens");
    }
    return (double) perToken(shape) * tokens;
  }

  /// Parameters that a token is multiplied with; input embedding, norms and biases are not among
  /// them.
  public static long matmulParameters(ModelShape shape) {
    long queryAndOutput = product(2, shape.embDim(), attentionDim(shape));
    long keyAndValue = product(2, shape.embDim(), shape.kvHeads(), shape.headDim());
    long mlp = product(shape.mlpInputs() + 1L, shape.embDim(), shape.mlpDim());
    long layer = Math.addExact(Math.addExact(queryAndOutput, keyAndValue), mlp);
    return Math.addExact(
        product(shape.layers(), layer), product(shape.embDim(), shape.vocabSize()));
  }

  private static long attentionDim(ModelShape shape) {
    return product(shape.queryHeads(), shape.headDim());
  }

  private static long product(long... factors) {
    long product = 1;
    for (long factor : factors) {
      product = Math.multiplyExact(product, factor);
    }
    return product;
  }
}
