package jaxon.layers;

import jaxon.graph.trace.Array;
import jaxon.graph.trace.Ops;
import jaxon.graph.type.DType;

/// The last step of a language model: from hidden values to logits.
///
/// @param kernel `[D, V]`, or `[V, D]` where it is the embedding's table
/// @param isEmbedding which of the two the kernel is
/// @param dotType type of the matmul and of its result
/// @param divisor what the matmul's result is divided by
/// @param castToFp32 convert the result to float32 (float64 stays) before the cap
/// @param softCap cap c: logits become c · tanh(logits / c); 0: no cap
public record OutputLayer(
    Array kernel,
    boolean isEmbedding,
    DType dotType,
    double divisor,
    boolean castToFp32,
    double softCap) {

  /// Logits `[..., V]` of hidden values `[..., D]`.
  public Array apply(Array hidden) {
    return finish(dot(hidden));
  }

  /// Size of the vocabulary.
  long vocabSize() {
    return kernel.dim(isEmbedding ? 0 : 1);
  }

  /// This layer with another array for its kernel.
  OutputLayer withKernel(Array other) {
    return new OutputLayer(other, isEmbedding, dotType, divisor, castToFp32, softCap);
  }

  /// The matmul alone.
  Array dot(Array hidden) {
    Array rows = hidden.reshape(hidden.shape().elements() / hidden.dim(-1), hidden.dim(-1));
    String spec = isEmbedding ? "nd,vd->nv" : "nd,dv->nv";
    Array result = Ops.einsum(spec, rows.astype(dotType), kernel.astype(dotType));
    return result.reshape(hidden.shape().with(hidden.rank() - 1, vocabSize()));
  }

  /// Logits from the matmul's result.
  Array finish(Array dot) {
    Array scaled = divisor == 1 ? dot : dot.div(divisor);
    Array logits = castToFp32 ? scaled.astype(DTypes.precise(scaled.dtype())) : scaled;
    return softCap == 0 ? logits : SoftCap.apply(logits, softCap);
  }
}
