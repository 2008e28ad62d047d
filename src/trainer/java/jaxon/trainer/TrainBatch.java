package jaxon.trainer;

import java.util.List;
import java.util.stream.Stream;
import jaxon.graph.trace.Array;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;
import jaxon.input.Batch;
import jaxon.layers.TokenBatch;

/// A batch of token sequences and their targets; all leaves are `i32[B, T]`.
///
/// @param inputs tokens, positions and segment ids that the model sees
/// @param targets the token that follows each input token
/// @param targetsSegmentation segment of each target; 0 keeps it out of the loss
record TrainBatch(TokenBatch inputs, Array targets, Array targetsSegmentation) {
  /// A template for batches of the given size.
  static TrainBatch template(long rows, long length) {
    Array leaf = Array.placeholder(TensorType.of(DType.I32, rows, length));
    return new TrainBatch(new TokenBatch(leaf, leaf, leaf), leaf, leaf);
  }

  /// The leaves' values for a batch of the input pipeline.
  ///
  /// @param order in which the tokens of each sequence are to be
  static List<Literal> values(Batch batch, TokenOrder order) {
    TensorType type = TensorType.of(DType.I32, batch.rows(), batch.length());
    return Stream.of(
            batch.inputs(),
            batch.inputsPosition(),
            batch.inputsSegmentation(),
            batch.targets(),
            batch.targetsSegmentation())
        .map(rows -> Literal.wrap(type, order.apply(rows, batch.length())))
        .toList();
  }
}
