package jaxon.runtime.cpu.attention;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import jaxon.graph.op.ControlOp;
import jaxon.graph.type.DType;
import jaxon.graph.type.Shape;
import jaxon.runtime.program.Layout;

/// What kind of attention is computed, on how much.
///
/// @param queries number of queries, T
/// @param keys number of keys, S
/// @param heads number of query heads, H
/// @param groups number of key heads, G
/// @param headDim width of a head, K
/// @param window see `sliding_window_size` of the composite; 0: none
/// @param softCap see `soft_cap` of the composite; 0: none
record AttentionShape(
    int batch,
    int queries,
    int keys,
    int heads,
    int groups,
    int headDim,
    DType dtype,
    boolean causal,
    int window,
    float scale,
    float softCap,
    boolean hasSinks,
    boolean hasPositions) {
  /// Operands before the sinks: q, k, v and the segments of queries and keys.
  static final int SINKS = 5;

  /// The least number of operands of which the last two are positions.
  private static final int WITH_POSITIONS = 7;

  /// Of a composite's operands.
  ///
  /// @param residuals how many of them are results and cotangents, for the backward one
  static AttentionShape of(ControlOp.Composite composite, List<Layout> operands, int residuals) {
    Optional<String> reason = unsupported(operands, residuals);
    if (reason.isPresent()) {
      throw new UnsupportedOperationException(composite.name() + ": " + reason.get());
    }
    Shape q = operands.get(0).shape();
    Shape k = operands.get(1).shape();
    SortedMap<String, String> attributes = composite.attributes();
    return new AttentionShape(
        Math.toIntExact(q.dim(0)),
        Math.toIntExact(q.dim(1)),
        Math.toIntExact(k.dim(1)),
        Math.toIntExact(q.dim(2)),
        Math.toIntExact(k.dim(2)),
        Math.toIntExact(q.dim(3)),
        operands.get(0).dtype(),
        Boolean.parseBoolean(attributes.get("causal")),
        (int) Math.min(Long.parseLong(attributes.get("sliding_window_size")), 1 << 30),
        (float) Double.parseDouble(attributes.get("scale")),
        (float) Double.parseDouble(attributes.get("soft_cap")),
        hasSinks(operands, residuals),
        operands.size() - residuals >= WITH_POSITIONS);
  }

  /// Sinks are one operand, positions two.
  private static boolean hasSinks(List<Layout> operands, int residuals) {
    return (operands.size() - residuals) % 2 == 0;
  }

  /// Why the kernels cannot run on operands with these layouts; empty if they can.
  static Optional<String> unsupported(List<Layout> operands, int residuals) {
    DType dtype = operands.get(0).dtype();
    if (dtype != DType.BF16 && dtype != DType.F32) {
      return Optional.of("takes bf16 and f32, got " + dtype);
    }
    for (int i = 0; i < operands.size(); i++) {
      boolean isNumbers = operands.get(i).dtype() == DType.I32;
      if (!isNumbers && !hasRows(operands.get(i))) {
        return Optional.of(
            "operand "
                + i
                + " needs its last dim dense and no repeated rows, got "
                + operands.get(i));
      }
    }
    return hasSinks(operands, residuals) && operands.get(SINKS).dtype() != DType.F32
        ? Optional.of("sinks must be f32")
        : Optional.empty();
  }

  /// Whether matrices of `[rows, last dim]` can be read in place.
  private static boolean hasRows(Layout layout) {
    int rank = layout.shape().rank();
    long width = layout.shape().dim(rank - 1);
    boolean dense = width <= 1 || layout.strides().get(rank - 1) == 1;
    return dense
        && (rank < 2
            || layout.shape().dim(1) <= 1
            || rank == 3
            || layout.strides().get(1) >= width);
  }

  /// Query heads per key head.
  int perGroup() {
    return heads / groups;
  }

  /// What queries see of the keys' places, as far as that is known beforehand.
  BandMask queryBand() {
    return hasPositions ? BandMask.ofQueries(false, 0) : BandMask.ofQueries(causal, window);
  }

  /// What keys see of the queries' places, as far as that is known beforehand.
  BandMask keyBand() {
    return hasPositions ? BandMask.ofKeys(false, 0) : BandMask.ofKeys(causal, window);
  }

  /// Pairs of query and key that see each other by their positions, in all heads; where positions
  /// are operands, what the parts of a long sequence see on average.
  long visiblePairs() {
    if (hasPositions) {
      long all = (long) queries * keys * batch * heads;
      return causal ? all / 2 : all;
    }
    long pairs = 0;
    for (long t = 0; t < queries; t++) {
      long from = window > 0 ? Math.max(0, t - window + 1) : 0;
      long last = causal ? t : window > 0 ? t + window - 1 : keys - 1L;
      pairs += Math.max(0, Math.min(last, keys - 1L) - from + 1);
    }
    return pairs * batch * heads;
  }

  /// Bytes of queries and what is shaped like them.
  long queryBytes() {
    return (long) batch * queries * heads * headDim * dtype.bytes();
  }

  /// Bytes of keys, or of values.
  long keyBytes() {
    return (long) batch * keys * groups * headDim * dtype.bytes();
  }
}
