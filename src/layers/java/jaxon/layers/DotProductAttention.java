package jaxon.layers;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Control;
import jaxon.graph.type.DType;
import jaxon.graph.type.Shape;
import jaxon.graph.type.ShapeException;
import jaxon.graph.type.TensorType;

/// Softmax attention of queries to keys and values of the same segment, with grouped heads (Ainslie
/// et al., "GQA", 2023).
///
/// Forward and backward are one composite operation each, so that a backend may run kernels of its
/// own that never store the `T × S` logits (Dao et al., "FlashAttention", 2022): what the backward
/// pass needs of the forward one is its result and the log-sum-exp of each row, both named
/// `context` for rematerialization. The softmax is computed in float32 (float64 for float64). A
/// query that sees no position gets zeros, and [#NOTHING_SEEN] for its log-sum-exp.
///
/// @param causal a query sees no later positions
/// @param slidingWindowSize w: a query at `t` sees positions nearer than `w` to `t`; 0: all
/// @param scale factor of the logits
/// @param softCap cap c: logits become c · tanh(logits / c); 0: no cap
/// @param float32QkProduct convert queries and keys to float32 before they are multiplied
/// @param float32Logits do not round the logits to the type of the queries
public record DotProductAttention(
    boolean causal,
    long slidingWindowSize,
    double scale,
    double softCap,
    boolean float32QkProduct,
    boolean float32Logits) {
  /// Name of the composite `(q, k, v, q segments, kv segments[, sinks][, q positions, kv
  /// positions]) -> (out [B, T, H, K], log-sum-exps [B, H, T])`; its attributes are this record's
  /// components in snake case. Without positions both sequences are counted from 0.
  public static final String COMPOSITE = "jaxon.attention";

  /// Name of the composite `(q, k, v, q segments, kv segments[, sinks], out, log-sum-exps,
  /// cotangent of out[, q positions, kv positions]) -> cotangents of (q, k, v[, sinks])` with the
  /// same attributes.
  public static final String GRAD_COMPOSITE = "jaxon.attention_grad";

  /// The log-sum-exp of a query that sees nothing: the exponential of its difference to any other
  /// is 0, and it is finite.
  static final double NOTHING_SEEN = -1e30;

  private static final int SEGMENTS = 3;

  /// Which place in the sequence a token has, where that is not its place in the tensor: `i32[T]`
  /// of the queries and `i32[S]` of the keys, the same in all rows of the batch.
  public record Positions(Array queries, Array keys) {
    /// Of tokens that attend to themselves.
    public static Positions of(Array tokens) {
      return new Positions(tokens, tokens);
    }
  }

  public DotProductAttention {
    if (slidingWindowSize < 0) {
      throw new IllegalArgumentException(
          "slidingWindowSize must be >= 0 (0: no window), got " + slidingWindowSize);
    }
  }

  /// `[B, T, H, K]` from queries `[B, T, H, K]`, keys and values `[B, S, G, K]` and segment numbers
  /// `[B, T]` and `[B, S]`; query head `h` uses key head `h / (H / G)`.
  public Array apply(Array q, Array k, Array v, Array qSegments, Array kvSegments) {
    return apply(q, k, v, qSegments, kvSegments, Optional.empty(), Optional.empty());
  }

  /// As above, with a logit `[H]` per head that takes part in the softmax and gives nothing to the
  /// result ("attention sink", as in GPT-OSS).
  public Array apply(
      Array q, Array k, Array v, Array qSegments, Array kvSegments, Array sinkLogits) {
    return apply(q, k, v, qSegments, kvSegments, Optional.of(sinkLogits), Optional.empty());
  }

  /// As above, with tokens at the given positions; empty: counted from 0.
  public Array apply(
      Array q,
      Array k,
      Array v,
      Array qSegments,
      Array kvSegments,
      Optional<Array> sinkLogits,
      Optional<Positions> positions) {
    List<Array> operands = operands(q, k, v, qSegments, kvSegments, sinkLogits, positions);
    return SavedAttention.apply(operands, this::forward, this::gradients);
  }

  /// The forward composite's operands, in order and of the right types.
  List<Array> operands(
      Array q,
      Array k,
      Array v,
      Array qSegments,
      Array kvSegments,
      Optional<Array> sinkLogits,
      Optional<Positions> positions) {
    List<Array> operands = new ArrayList<>(List.of(q, k, v, qSegments, kvSegments));
    sinkLogits.ifPresent(sinks -> operands.add(sinks.astype(DTypes.precise(q.dtype()))));
    positions.ifPresent(given -> operands.addAll(List.of(given.queries(), given.keys())));
    requireFit(operands);
    return operands;
  }

  /// Whether there are sinks among the forward composite's operands: sinks are one, positions two.
  static boolean hasSinks(List<Array> operands) {
    return operands.size() % 2 == 0;
  }

  /// Whether the forward composite's operands end with positions.
  static boolean hasPositions(List<Array> operands) {
    return operands.size() > SEGMENTS + 3;
  }

  /// The result and the log-sum-exps.
  List<Array> forward(List<Array> operands) {
    return Control.composite(
        COMPOSITE, attributes(), operands, args -> AttentionFormula.of(this, args).forward());
  }

  /// Cotangents of q, k, v and, if there are any, the sinks.
  ///
  /// @param results out, log-sum-exps, cotangent of out
  List<Array> gradients(List<Array> operands, List<Array> results) {
    int last = operands.size() - (hasPositions(operands) ? 2 : 0);
    List<Array> all = new ArrayList<>(operands.subList(0, last));
    all.addAll(results);
    all.addAll(operands.subList(last, operands.size()));
    return Control.composite(
        GRAD_COMPOSITE,
        attributes(),
        all,
        args -> {
          List<Array> own = new ArrayList<>(args.subList(0, last));
          own.addAll(args.subList(last + 3, args.size()));
          AttentionFormula formula = AttentionFormula.of(this, own);
          return formula.backward(args.get(last), args.get(last + 1), args.get(last + 2));
        });
  }

  private Map<String, String> attributes() {
    Map<String, String> attributes = new TreeMap<>();
    attributes.put("causal", Boolean.toString(causal));
    attributes.put("sliding_window_size", Long.toString(slidingWindowSize));
    attributes.put("scale", Double.toString(scale));
    attributes.put("soft_cap", Double.toString(softCap));
    attributes.put("float32_qk_product", Boolean.toString(float32QkProduct));
    attributes.put("float32_logits", Boolean.toString(float32Logits));
    return attributes;
  }

  private void requireFit(List<Array> operands) {
    Array q = operands.get(0);
    Array k = operands.get(1);
    Array v = operands.get(2);
    boolean fits =
        q.rank() == 4
            && k.rank() == 4
            && k.type().equals(v.type())
            && q.dtype() == k.dtype()
            && q.dim(0) == k.dim(0)
            && q.dim(2) % k.dim(2) == 0
            && q.dim(3) == k.dim(3)
            && (!causal || hasPositions(operands) || q.dim(1) == k.dim(1));
    if (!fits) {
      throw new ShapeException(
          "attention takes queries [B, T, H, K] and keys and values [B, S, G, K] of one dtype, with"
              + " G dividing H"
              + (causal ? " and, as it is causal and has no positions, S = T" : "")
              + "; got ("
              + q.type()
              + ", "
              + k.type()
              + ", "
              + v.type()
              + ")");
    }
    Array sinks = operands.get(Math.min(SEGMENTS + 2, operands.size() - 1));
    if (hasSinks(operands) && !sinks.shape().equals(Shape.of(q.dim(2)))) {
      throw new ShapeException(
          "attention takes one sink logit per query head, [" + q.dim(2) + "]; got " + sinks.type());
    }
    if (hasPositions(operands)) {
      requirePositions("queries", operands.get(operands.size() - 2), q);
      requirePositions("keys", operands.getLast(), k);
    }
  }

  private static void requirePositions(String what, Array positions, Array tokens) {
    TensorType expected = TensorType.of(DType.I32, tokens.dim(1));
    if (!positions.type().equals(expected)) {
      throw new ShapeException(
          "attention takes one position for each of the %s, %s; got %s"
              .formatted(what, expected, positions.type()));
    }
  }
}
