package jaxon.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import jaxon.autodiff.Grad;
import jaxon.graph.Graph;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Ops;
import jaxon.graph.trace.Tracer;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;

/// A training step of a small decoder: forward, backward and AdamW, with causal attention, SwiGLU
/// and RMSNorm.
///
/// Inputs are parameters, first and second moments, tokens and targets (`i32[batch, length]`);
/// results the new state and the loss.
record TransformerStep(int batch, int length, int width, int layers, int heads, int vocab) {
  private static final double RATE = 1e-3;
  private static final double DECAY = 0.1;

  List<TensorType> parameters() {
    List<TensorType> types = new ArrayList<>();
    types.add(TensorType.of(DType.F32, vocab, width));
    for (int i = 0; i < layers; i++) {
      types.add(TensorType.of(DType.F32, width, 3L * width));
      types.add(TensorType.of(DType.F32, width, width));
      types.add(TensorType.of(DType.F32, width, 8L * width));
      types.add(TensorType.of(DType.F32, 4L * width, width));
      types.add(TensorType.of(DType.F32, width));
      types.add(TensorType.of(DType.F32, width));
    }
    return types;
  }

  /// Multiplications and additions of the matrix products of one step.
  double flops() {
    double weights = layers * (4.0 + 12) * width * width + (double) vocab * width;
    double attention = 2.0 * layers * length * width;
    return 6.0 * batch * length * (weights + attention);
  }

  Graph trace() {
    List<TensorType> parameters = parameters();
    int count = parameters.size();
    List<TensorType> inputs = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      inputs.addAll(parameters);
    }
    inputs.add(TensorType.of(DType.I32, batch, length));
    inputs.add(TensorType.of(DType.I32, batch, length));
    return Tracer.traceClosed(
        "transformer_step",
        inputs,
        a -> {
          Array tokens = a.get(3 * count);
          Array targets = a.get(3 * count + 1);
          Grad.ValueAndGrad<List<Array>, List<Array>> step =
              Grad.valueAndGrad(
                  a.subList(0, count),
                  p -> new Grad.Objective<>(loss(p, tokens, targets), List.of()));
          return adamW(a, step.grad(), step.loss(), count);
        });
  }

  List<Literal> inputs() {
    SplittableRandom random = new SplittableRandom(1);
    List<Literal> literals = new ArrayList<>();
    for (TensorType type : parameters()) {
      boolean isNorm = type.shape().rank() == 1;
      literals.add(Literal.generate(type, _ -> isNorm ? 1 : random.nextDouble(-0.08, 0.08)));
    }
    for (int i = 0; i < 2; i++) {
      parameters().forEach(type -> literals.add(Literal.splat(type, 0)));
    }
    TensorType tokens = TensorType.of(DType.I32, batch, length);
    literals.add(Literal.generateLongs(tokens, _ -> random.nextInt(vocab)));
    literals.add(Literal.generateLongs(tokens, _ -> random.nextInt(vocab)));
    return literals;
  }

  private Array loss(List<Array> p, Array tokens, Array targets) {
    Array x = Ops.take(p.getFirst(), tokens);
    for (int i = 0; i < layers; i++) {
      List<Array> layer = p.subList(1 + 6 * i, 7 + 6 * i);
      x = x.add(attention(norm(x, layer.get(4)), layer.get(0), layer.get(1)));
      x = x.add(mlp(norm(x, layer.get(5)), layer.get(2), layer.get(3)));
    }
    Array logits = Ops.einsum("btd,vd->btv", x, p.getFirst());
    Array chosen = Ops.takeAlongLast(logits, targets);
    return Ops.logSumExp(logits).squeeze(-1).sub(chosen).mean();
  }

  private static Array norm(Array x, Array scale) {
    Array variance = x.square().mean(-1).expandDims(-1);
    return x.mul(variance.add(1e-6).rsqrt()).mul(scale.broadcastTo(x.shape()));
  }

  private Array attention(Array x, Array qkv, Array out) {
    int head = width / heads;
    Array all = Ops.einsum("btd,de->bte", x, qkv).reshape(batch, length, 3L * heads, head);
    Array q = all.slice(2, 0, heads);
    Array k = all.slice(2, heads, 2L * heads);
    Array v = all.slice(2, 2L * heads, 3L * heads);
    Array scores = Ops.einsum("bthd,bshd->bhts", q, k).mul(1 / Math.sqrt(head));
    TensorType square = TensorType.of(DType.I32, length, length);
    Array causal = Ops.iota(square, 0).ge(Ops.iota(square, 1)).broadcastTo(scores.shape());
    Array masked = causal.select(scores, Ops.constant(DType.F32, -1e30));
    Array shifted = masked.sub(masked.maxOver(-1).expandDims(-1).stopGradient()).exp();
    Array weights = shifted.div(shifted.sum(-1).expandDims(-1));
    Array mixed = Ops.einsum("bhts,bshd->bthd", weights, v).reshape(batch, length, width);
    return Ops.einsum("btd,de->bte", mixed, out);
  }

  private Array mlp(Array x, Array in, Array out) {
    Array both = Ops.einsum("btd,de->bte", x, in);
    Array gate = both.slice(2, 0, 4L * width);
    Array up = both.slice(2, 4L * width, 8L * width);
    return Ops.einsum("bte,ed->btd", gate.mul(gate.logistic()).mul(up), out);
  }

  private static List<Array> adamW(List<Array> a, List<Array> gradients, Array loss, int count) {
    List<Array> parameters = new ArrayList<>();
    List<Array> firsts = new ArrayList<>();
    List<Array> seconds = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Array g = gradients.get(i);
      Array m = a.get(count + i).mul(0.9).add(g.mul(0.1));
      Array v = a.get(2 * count + i).mul(0.95).add(g.square().mul(0.05));
      Array update = m.div(v.sqrt().add(1e-8)).add(a.get(i).mul(DECAY));
      parameters.add(a.get(i).sub(update.mul(RATE)));
      firsts.add(m);
      seconds.add(v);
    }
    List<Array> results = new ArrayList<>(parameters);
    results.addAll(firsts);
    results.addAll(seconds);
    results.add(loss);
    return results;
  }
}
