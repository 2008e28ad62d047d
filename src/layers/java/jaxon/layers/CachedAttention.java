package jaxon.layers;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Control;
import jaxon.graph.trace.Ops;
import jaxon.graph.type.DType;
import jaxon.graph.type.ShapeException;
import jaxon.graph.type.TensorType;

/// Softmax attention of new queries to the keys and values of a [KvCache].
///
/// A query at position `p` of its row sees the slots up to `p` (and, with a window of `w`, only
/// those after `p - w`); one at a negative position sees nothing and gets zeros. One composite
/// takes the cache of all layers, so that a backend can read it where it lies.
///
/// @param form scale, cap, window and precision; `causal` must hold
record CachedAttention(DotProductAttention form) {
  /// Name of the composite `(q [B, T, H, K], keys [L, B, S, G, K], values, layer i32[], positions
  /// i32[B, T]) -> out [B, T, H, K]`; its attributes are those of [DotProductAttention#COMPOSITE]
  /// but for `causal`.
  static final String COMPOSITE = "jaxon.cached_attention";

  CachedAttention {
    if (!form.causal()) {
      throw new IllegalArgumentException("attention to a cache is causal");
    }
  }

  /// `[B, T, H, K]` from queries `[B, T, H, K]` at `positions` `[B, T]`.
  Array apply(Array q, KvCache cache, Array layer, Array positions) {
    requireFit(q, cache, positions);
    List<Array> operands = List.of(q, cache.keys(), cache.values(), layer, positions);
    return Control.composite(COMPOSITE, attributes(), operands, args -> List.of(attend(args)))
        .getFirst();
  }

  private Array attend(List<Array> args) {
    Array q = args.get(0);
    Array k = KvCache.ofLayer(args.get(1), args.get(3));
    Array v = KvCache.ofLayer(args.get(2), args.get(3));
    long groups = k.dim(2);
    Array grouped = q.reshape(q.dim(0), q.dim(1), groups, q.dim(2) / groups, q.dim(3));
    Array seen = seen(args.get(4), k.dim(1));
    return new AttentionFormula(form, grouped, k, v, seen, Optional.empty()).forward().getFirst();
  }

  /// `[B, 1, T, 1, S]`.
  private Array seen(Array positions, long slots) {
    Array rows = positions.reshape(positions.dim(0), 1, positions.dim(1), 1, 1);
    Array columns = Ops.iota(TensorType.of(DType.I32, 1, 1, 1, 1, slots), 4);
    Array back = rows.sub(columns);
    Array seen = back.ge(Ops.constant(DType.I32, 0));
    return form.slidingWindowSize() == 0
        ? seen
        : seen.and(back.lt(Ops.constant(DType.I32, (double) form.slidingWindowSize())));
  }

  private Map<String, String> attributes() {
    Map<String, String> attributes = new TreeMap<>();
    attributes.put("sliding_window_size", Long.toString(form.slidingWindowSize()));
    attributes.put("scale", Double.toString(form.scale()));
    attributes.put("soft_cap", Double.toString(form.softCap()));
    attributes.put("float32_qk_product", Boolean.toString(form.float32QkProduct()));
    attributes.put("float32_logits", Boolean.toString(form.float32Logits()));
    return attributes;
  }

  private static void requireFit(Array q, KvCache cache, Array positions) {
    Array keys = cache.keys();
    boolean fits =
        q.rank() == 4
            && q.dtype() == keys.dtype()
            && q.dim(0) == keys.dim(1)
            && q.dim(2) % keys.dim(3) == 0
            && q.dim(3) == keys.dim(4)
            && positions.type().equals(TensorType.of(DType.I32, q.dim(0), q.dim(1)));
    if (!fits) {
      throw new ShapeException(
          "attention to a cache takes queries [B, T, H, K], keys and values [L, B, S, G, K] of one"
              + " dtype, with G dividing H, and positions i32[B, T]; got "
              + q.type()
              + ", "
              + keys.type()
              + " and "
              + positions.type());
    }
  }
}
