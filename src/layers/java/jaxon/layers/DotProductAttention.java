package jaxon.layers;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Control;
import jaxon.graph.trace.Ops;
import jaxon.graph.type.Shape;
import jaxon.graph.type.ShapeException;

/// Softmax attention of queries to keys and values of the same segment, with grouped heads (Ainslie
/// et al., "GQA", 2023).
///
/// Forward and backward are one composite operation each, so that a backend may run kernels of its
/// own that never store the `T × S` logits (Dao et al., "FlashAttention", 2022): what the backward
/// pass needs of the forward one is its result and the log-sum-exp of each row, both named
/// `context` for rematerialization. The softmax is computed in float32 (float64 for float64). A
/// query that sees no position gets zeros.
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
  /// Name of the composite `(q, k, v, q segments, kv segments[, sinks]) -> (out [B, T, H, K],
  /// log-sum-exps [B, H, T])`; its attributes are this record's components in snake case.
  public static final String COMPOSITE = "jaxon.attention";

  /// Name of the composite `(q, k, v, q segments, kv segments[, sinks], out, log-sum-exps,
  /// cotangent of out) -> cotangents of (q, k, v[, sinks])` with the same attributes.
  public static final String GRAD_COMPOSITE = "jaxon.attention_grad";

  /// What rematerialization policies call the results that the backward pass reads.
  static final String SAVED_NAME = "context";

  private static final int SEGMENTS = 3;

  public DotProductAttention {
    if (slidingWindowSize < 0) {
      throw new IllegalArgumentException(
          "slidingWindowSize must be >= 0 (0: no window), got " + slidingWindowSize);
    }
  }

  /// `[B, T, H, K]` from queries `[B, T, H, K]`, keys and values `[B, S, G, K]` and segment numbers
  /// `[B, T]` and `[B, S]`; query head `h` uses key head `h / (H / G)`.
  public Array apply(Array q, Array k, Array v, Array qSegments, Array kvSegments) {
    return attend(List.of(q, k, v, qSegments, kvSegments));
  }

  /// As above, with a logit `[H]` per head that takes part in the softmax and gives nothing to the
  /// result ("attention sink", as in GPT-OSS).
  public Array apply(
      Array q, Array k, Array v, Array qSegments, Array kvSegments, Array sinkLogits) {
    Array sinks = sinkLogits.astype(DTypes.precise(q.dtype()));
    return attend(List.of(q, k, v, qSegments, kvSegments, sinks));
  }

  private Array attend(List<Array> operands) {
    requireFit(operands);
    return Control.customVjp(
            "attention",
            operands,
            args -> forward(args).subList(0, 1),
            args -> {
              List<Array> results =
                  forward(args).stream().map(result -> result.named(SAVED_NAME)).toList();
              List<Array> all = new ArrayList<>(List.of(results.getFirst()));
              all.addAll(args);
              all.addAll(results);
              return all;
            },
            this::backward)
        .getFirst();
  }

  private List<Array> forward(List<Array> operands) {
    return Control.composite(
        COMPOSITE, attributes(), operands, args -> AttentionFormula.of(this, args).forward());
  }

  /// From `(operands…, out, log-sum-exps, cotangent)`; segment numbers have no derivative.
  private List<Array> backward(List<Array> residuals) {
    int operands = residuals.size() - 3;
    List<Array> found =
        Control.composite(
            GRAD_COMPOSITE,
            attributes(),
            residuals,
            args -> {
              AttentionFormula formula = AttentionFormula.of(this, args.subList(0, operands));
              return formula.backward(
                  args.get(operands), args.get(operands + 1), args.get(operands + 2));
            });
    List<Array> cotangents = new ArrayList<>(found);
    for (int i = SEGMENTS; i < SEGMENTS + 2; i++) {
      cotangents.add(i, Ops.zeros(residuals.get(i).type()));
    }
    return cotangents;
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
    if (operands.size() > SEGMENTS + 2 && !operands.getLast().shape().equals(Shape.of(q.dim(2)))) {
      throw new ShapeException(
          "attention takes one sink logit per query head, ["
              + q.dim(2)
              + "]; got "
              + operands.getLast().type());
    }
  }
}
