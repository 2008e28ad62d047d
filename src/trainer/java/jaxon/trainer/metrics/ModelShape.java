package jaxon.trainer.metrics;

/// The sizes of a decoder that decide how much floating-point work a token is.
///
/// @param layers decoder layers
/// @param embDim width of the residual stream
/// @param mlpDim width inside the MLP; for a mixture of experts, that of all experts a token visits
/// @param mlpInputs projections into the MLP: 2 for gated ones such as SwiGLU, 1 for plain ones
/// @param queryHeads heads of the queries
/// @param kvHeads heads of the keys, and of the values
/// @param headDim width of one head
/// @param vocabSize rows of the output projection
/// @param sequenceLength tokens that one causal mask covers
public record ModelShape(
    int layers,
    int embDim,
    int mlpDim,
    int mlpInputs,
    int queryHeads,
    int kvHeads,
    int headDim,
    int vocabSize,
    int sequenceLength) {

  public ModelShape {
    requirePositive("layers", layers);
    requirePositive("embDim", embDim);
    requirePositive("mlpDim", mlpDim);
    requirePositive("mlpInputs", mlpInputs);
    requirePositive("queryHeads", queryHeads);
    requirePositive("kvHeads", kvHeads);
    requirePositive("headDim", headDim);
    requirePositive("vocabSize", vocabSize);
    requirePositive("sequenceLength", sequenceLength);
  }

  private static void requirePositive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be at least 1, found " + value);
    }
  }
}
