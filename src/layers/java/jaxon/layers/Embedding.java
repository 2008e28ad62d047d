package jaxon.layers;

import jaxon.graph.op.LogicalAxes;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Ops;
import jaxon.graph.type.DType;
import jaxon.graph.type.Shape;

/// A table of one vector per token.
///
/// @param embedding the table `[V, D]`
/// @param dtype type to compute in
public record Embedding(Array embedding, DType dtype) {
  /// A table of normal numbers with variance 1 / D, as in MaxText.
  public static Embedding init(Initializer init, int vocab, int width, DType dtype) {
    Array table =
        init.param(
            Shape.of(vocab, width),
            LogicalAxes.of("vocab", "embed_vocab"),
            Distribution.normal(1 / Math.sqrt(width)));
    return new Embedding(table, dtype);
  }

  /// The vectors `[B, T, D]` of tokens `[B, T]`.
  public Array apply(Array tokens) {
    return Ops.take(embedding, tokens).astype(dtype);
  }
}
