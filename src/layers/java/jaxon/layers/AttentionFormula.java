package jaxon.layers;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Ops;
import jaxon.graph.type.DType;
import jaxon.graph.type.Shape;

/// Attention and its derivative in plain operations, by the formulas of Dao et al.,
/// "FlashAttention", 2022, on whole tensors.
///
/// With logits z, P = exp(z - lse) and O = P·V: dV = Pᵀ·dO, dP = dO·Vᵀ, dz = P ∘ (dP - δ) where δ =
/// rowsum(dO ∘ O), and dq, dk follow from z = scale · q·kᵀ. A sink takes part in lse alone; its own
/// row of dz is -exp(sink - lse) · δ.
///
/// @param q queries by group, `[B, T, G, R, K]`
/// @param seen which positions each query sees, `[B, 1, T, 1, S]`
/// @param sinks sink logits `[1, G, 1, R]`
record AttentionFormula(
    DotProductAttention form, Array q, Array k, Array v, Array seen, Optional<Array> sinks) {
  /// Logit of a position that must not be seen: small beyond use and still finite, so that no row
  /// can become NaN.
  private static final double MASKED = -0.7 * Float.MAX_VALUE;

  /// Of the operands `(q, k, v, q segments, kv segments[, sinks][, q positions, kv positions])`.
  static AttentionFormula of(DotProductAttention form, List<Array> operands) {
    Array q = operands.get(0);
    Array k = operands.get(1);
    long groups = k.dim(2);
    long perGroup = q.dim(2) / groups;
    Optional<Array> sinks =
        DotProductAttention.hasSinks(operands)
            ? Optional.of(operands.get(5).reshape(1, groups, 1, perGroup))
            : Optional.empty();
    // The order [B, G, T, R, S] of the logits is the dot's own: nothing of size T × S is
    // transposed.
    return new AttentionFormula(
        form,
        q.reshape(q.dim(0), q.dim(1), groups, perGroup, q.dim(3)),
        k,
        operands.get(2),
        seen(form, operands),
        sinks);
  }

  /// The result `[B, T, H, K]` and the log-sum-exps `[B, H, T]`.
  List<Array> forward() {
    Array logits = capped(products());
    Array masked = seen.select(logits, Ops.constant(logits.dtype(), MASKED));
    Array most = masked.maxOver(-1); // [B, G, T, R]
    Array shift = sinks.map(s -> most.max(s.broadcastTo(most.shape()))).orElse(most).stopGradient();
    Array zero = Ops.constant(logits.dtype(), 0);
    Array weights = seen.select(masked.sub(shift.expandDims(-1)).exp(), zero);
    Array sum = weights.sum(-1);
    Array total = sinks.map(s -> sum.add(s.broadcastTo(sum.shape()).sub(shift).exp())).orElse(sum);
    Array empty = total.eq(zero);
    Array divisor = empty.select(Ops.constant(logits.dtype(), 1), total);
    Array nothing = Ops.constant(logits.dtype(), DotProductAttention.NOTHING_SEEN);
    Array lse = empty.select(nothing, shift.add(divisor.log()));
    Array normal = weights.div(divisor.expandDims(-1)).astype(v.dtype());
    Array context = Ops.einsum("bgtrs,bsgk->btgrk", normal, v);
    return List.of(context.reshape(heads(context)), headsFirst(lse));
  }

  /// Cotangents of q, k, v and, if there are any, the sinks, from the results and the cotangent of
  /// the first.
  List<Array> backward(Array out, Array lse, Array cotangent) {
    Array products = products();
    Array logits = capped(products);
    DType precise = logits.dtype();
    Array zero = Ops.constant(precise, 0);
    Array lseByGroup = grouped(lse); // [B, G, T, R]
    Array weights = seen.select(logits.sub(lseByGroup.expandDims(-1)).exp(), zero);
    Array dOut = cotangent.reshape(q.shape());
    Array dV = Ops.einsum("bgtrs,btgrk->bsgk", weights.astype(v.dtype()), dOut);
    Array dWeights = Ops.einsum("btgrk,bsgk->bgtrs", dOut, v, precise);
    Array delta = cotangent.astype(precise).mul(out.astype(precise)).sum(-1); // [B, T, H]
    Array deltaByGroup = grouped(delta.transpose(0, 2, 1));
    Array dLogits = weights.mul(dWeights.sub(deltaByGroup.expandDims(-1)));
    Array dProducts = uncapped(dLogits, logits).mul(form.scale()).astype(q.dtype());
    Array dQ = Ops.einsum("bgtrs,bsgk->btgrk", dProducts, k);
    Array dK = Ops.einsum("bgtrs,btgrk->bsgk", dProducts, q);
    List<Array> all = new ArrayList<>(List.of(dQ.reshape(cotangent.shape()), dK, dV));
    sinks.ifPresent(s -> {
      Array weight = s.broadcastTo(lseByGroup.shape()).sub(lseByGroup).exp();
      all.add(weight.mul(deltaByGroup).sum(0, 2).neg().reshape(cotangent.dim(2)));
    });
    return all;
  }

  /// q · k · scale, `[B, G, T, R, S]`, before the cap.
  private Array products() {
    DType precise = DTypes.precise(k.dtype());
    DType operand = form.float32QkProduct() ? precise : k.dtype();
    DType result = form.float32Logits() ? precise : operand;
    Array product = Ops.einsum("btgrk,bsgk->bgtrs", q.astype(operand), k.astype(operand), result);
    return product.astype(precise).mul(form.scale());
  }

  private Array capped(Array products) {
    return form.softCap() == 0 ? products : SoftCap.apply(products, form.softCap());
  }

  /// The cotangent before the cap; the slope of c · tanh(x / c) is 1 - (its result / c)².
  private Array uncapped(Array cotangent, Array logits) {
    if (form.softCap() == 0) {
      return cotangent;
    }
    Array one = Ops.constant(logits.dtype(), 1);
    return cotangent.mul(one.sub(logits.div(form.softCap()).square()));
  }

  private static Array seen(DotProductAttention form, List<Array> operands) {
    Array rows = operands.get(3);
    Array columns = operands.get(4);
    Array seen = onRows(rows).eq(onColumns(columns)); // [B, 1, T, 1, S]
    if (!form.causal() && form.slidingWindowSize() == 0) {
      return seen;
    }
    boolean given = DotProductAttention.hasPositions(operands);
    int last = operands.size() - 1;
    Array to = given ? operands.get(last - 1) : Ops.arange(DType.I32, rows.dim(1));
    Array from = given ? operands.get(last) : Ops.arange(DType.I32, columns.dim(1));
    Array back = onRows(to.expandDims(0)).sub(onColumns(from.expandDims(0)));
    Array window = Ops.constant(DType.I32, (double) form.slidingWindowSize());
    if (form.causal()) {
      seen = seen.and(back.ge(Ops.constant(DType.I32, 0)));
    }
    if (form.slidingWindowSize() > 0) {
      seen = seen.and((form.causal() ? back : back.abs()).lt(window));
    }
    return seen;
  }

  /// `[B, 1, T, 1, 1]` from `[B, T]`.
  private static Array onRows(Array numbers) {
    return numbers.reshape(numbers.dim(0), 1, numbers.dim(1), 1, 1);
  }

  /// `[B, 1, 1, 1, S]` from `[B, S]`.
  private static Array onColumns(Array numbers) {
    return numbers.reshape(numbers.dim(0), 1, 1, 1, numbers.dim(1));
  }

  /// `[B, H, T]` from `[B, G, T, R]`.
  private static Array headsFirst(Array rows) {
    return rows.transpose(0, 1, 3, 2).reshape(rows.dim(0), rows.dim(1) * rows.dim(3), rows.dim(2));
  }

  /// `[B, G, T, R]` from `[B, H, T]`.
  private Array grouped(Array rows) {
    long groups = k.dim(2);
    return rows.reshape(rows.dim(0), groups, rows.dim(1) / groups, rows.dim(2))
        .transpose(0, 1, 3, 2);
  }

  private static Shape heads(Array context) {
    return Shape.of(
        context.dim(0), context.dim(1), context.dim(2) * context.dim(3), context.dim(4));
  }
}
