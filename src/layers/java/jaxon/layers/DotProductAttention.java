package jaxon.layers;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Control;
import jaxon.graph.trace.Ops;
import jaxon.graph.type.DType;
import jaxon.graph.type.ShapeException;
import jaxon.graph.type.TensorType;

/// Softmax attention of queries to keys and values of the same segment, with grouped heads (Ainslie
/// et al., "GQA", 2023).
///
/// One composite operation, so that a backend may run a kernel of its own that never stores the `T
/// × S` logits. The softmax is computed in float32 (float64 for float64).
///
/// @param causal a query sees no later positions
/// @param scale factor of the logits
/// @param softCap cap c: logits become c · tanh(logits / c); 0: no cap
/// @param float32QkProduct convert queries and keys to float32 before they are multiplied
/// @param float32Logits do not round the logits to the type of the queries
public record DotProductAttention(
    boolean causal, double scale, double softCap, boolean float32QkProduct, boolean float32Logits) {
  /// Name of the composite `(q, k, v, q segments, kv segments) -> [B, T, H, K]`; its attributes are
  /// this record's components in snake case.
  public static final String COMPOSITE = "jaxon.attention";

  /// Logit of a position that must not be seen: small beyond use and still finite, so that no row
  /// can become NaN.
  static final double MASKED = -0.7 * Float.MAX_VALUE;

  /// `[B, T, H, K]` from queries `[B, T, H, K]`, keys and values `[B, S, G, K]` and segment numbers
  /// `[B, T]` and `[B, S]`; query head `h` uses key head `h / (H / G)`.
  public Array apply(Array q, Array k, Array v, Array qSegments, Array kvSegments) {
    requireFit(q, k, v);
    return Control.composite(
            COMPOSITE,
            attributes(),
            List.of(q, k, v, qSegments, kvSegments),
            args ->
                List.of(attend(args.get(0), args.get(1), args.get(2), args.get(3), args.get(4))))
        .getFirst();
  }

  private Map<String, String> attributes() {
    Map<String, String> attributes = new TreeMap<>();
    attributes.put("causal", Boolean.toString(causal));
    attributes.put("scale", Double.toString(scale));
    attributes.put("soft_cap", Double.toString(softCap));
    attributes.put("float32_qk_product", Boolean.toString(float32QkProduct));
    attributes.put("float32_logits", Boolean.toString(float32Logits));
    return attributes;
  }

  private Array attend(Array q, Array k, Array v, Array qSegments, Array kvSegments) {
    long groups = k.dim(2);
    // The order [B, G, T, R, S] is the dot's own: nothing of size T × S is transposed.
    Array grouped = q.reshape(q.dim(0), q.dim(1), groups, q.dim(2) / groups, q.dim(3));
    Array logits = logits(grouped, k); // [B, G, T, R, S]
    Array mask = mask(qSegments, kvSegments); // [B, 1, T, 1, S]
    Array masked = mask.select(logits, Ops.constant(logits.dtype(), MASKED));
    Array weights = softmax(masked).astype(v.dtype());
    Array context = Ops.einsum("bgtrs,bsgk->btgrk", weights, v);
    return context.reshape(q.shape());
  }

  private Array logits(Array grouped, Array k) {
    DType precise = DTypes.precise(k.dtype());
    DType operand = float32QkProduct ? precise : k.dtype();
    DType result = float32Logits ? precise : operand;
    Array product =
        Ops.einsum("btgrk,bsgk->bgtrs", grouped.astype(operand), k.astype(operand), result);
    Array logits = product.astype(precise).mul(scale);
    return softCap == 0 ? logits : SoftCap.apply(logits, softCap);
  }

  private Array mask(Array qSegments, Array kvSegments) {
    Array rows = qSegments.reshape(qSegments.dim(0), 1, qSegments.dim(1), 1, 1);
    Array columns = kvSegments.reshape(kvSegments.dim(0), 1, 1, 1, kvSegments.dim(1));
    Array same = rows.eq(columns); // [B, 1, T, 1, S]
    if (!causal) {
      return same;
    }
    TensorType index = TensorType.of(DType.I32, 1, 1, rows.dim(2), 1, columns.dim(4));
    return same.and(Ops.iota(index, 2).ge(Ops.iota(index, 4)));
  }

  private static Array softmax(Array x) {
    Array max = x.maxOver(-1).expandDims(-1).stopGradient();
    Array exp = x.sub(max).exp();
    return exp.div(exp.sum(-1).expandDims(-1));
  }

  private void requireFit(Array q, Array k, Array v) {
    boolean fits =
        q.rank() == 4
            && k.rank() == 4
            && k.type().equals(v.type())
            && q.dtype() == k.dtype()
            && q.dim(0) == k.dim(0)
            && q.dim(2) % k.dim(2) == 0
            && q.dim(3) == k.dim(3)
            && (!causal || q.dim(1) == k.dim(1));
    if (!fits) {
      throw new ShapeException(
          "attention takes queries [B, T, H, K] and keys and values [B, S, G, K] of one dtype, with"
              + " G dividing H"
              + (causal ? " and, as it is causal, S = T" : "")
              + "; got ("
              + q.type()
              + ", "
              + k.type()
              + ", "
              + v.type()
              + ")");
    }
  }
}
