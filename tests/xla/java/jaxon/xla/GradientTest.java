package jaxon.xla;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import jaxon.autodiff.Grad;
import jaxon.graph.op.RematPolicy;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Control;
import jaxon.graph.trace.Ops;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Gradients of a network of two layers, and of layers of attention under scan and remat.
class GradientTest {
  private static final int LAYERS = 3;
  private static final int BATCH = 2;
  private static final int LENGTH = 6;
  private static final int WIDTH = 8;
  private static final int HEADS = 2;
  private static final int HEAD = 4;
  private static final int VOCABULARY = 11;

  static Stream<OpCase> cases() {
    OpCases cases = new OpCases();
    network(cases, DType.F32, Tolerance.ofLargest(64));
    attention(cases, DType.F32, true, Tolerance.ofLargest(256));
    attention(cases, DType.F32, false, Tolerance.ofLargest(256));
    // Gradients are float32, computed with a few roundings to 8 bits: 2^17 ulps are 1.6 %.
    network(cases, DType.BF16, Tolerance.ofLargest(0x1p17));
    attention(cases, DType.BF16, true, Tolerance.ofLargest(0x1p19));
    attention(cases, DType.BF16, false, Tolerance.ofLargest(0x1p19));
    return cases.stream();
  }

  private static void network(OpCases cases, DType compute, Tolerance tolerance) {
    List<Literal> inputs =
        List.of(
            cases.normal(DType.F32, 8, 16),
            cases.normal(DType.F32, 16),
            cases.normal(DType.F32, 16, 4),
            cases.normal(DType.F32, 5, 8),
            cases.ints(DType.I32, 0, 4, 5));
    cases.add(
        "network, " + compute,
        tolerance,
        inputs,
        a ->
            lossAndGradient(
                a.subList(0, 3),
                p -> {
                  Array product = Ops.dot(a.get(3).astype(compute), p.get(0).astype(compute));
                  Array hidden = product.astype(DType.F32).add(p.get(1).reshape(1, 16));
                  Array active = hidden.mul(hidden.logistic()).astype(compute);
                  Array logits = Ops.dot(active, p.get(2).astype(compute)).astype(DType.F32);
                  return crossEntropy(logits, a.get(4));
                }));
  }

  private static void attention(
      OpCases cases, DType compute, boolean savesProducts, Tolerance tolerance) {
    List<Literal> inputs =
        List.of(
            small(cases, LAYERS, WIDTH, 3, HEADS, HEAD),
            small(cases, LAYERS, HEADS, HEAD, WIDTH),
            small(cases, LAYERS, WIDTH),
            cases.normal(DType.F32, VOCABULARY, WIDTH),
            cases.ints(DType.I32, 0, VOCABULARY, BATCH, LENGTH));
    RematPolicy policy = new RematPolicy(savesProducts, List.of("mix"));
    cases.add(
        "attention, " + compute + (savesProducts ? ", products saved" : ""),
        tolerance,
        inputs,
        a ->
            lossAndGradient(
                a.subList(0, 4),
                p -> {
                  Array x = Ops.take(p.get(3), a.get(4));
                  Control.ScanResult layers =
                      Control.scan(
                          LAYERS,
                          false,
                          List.of(x),
                          p.subList(0, 3),
                          (carry, w) -> {
                            List<Array> operands =
                                List.of(carry.get(0), w.get(0), w.get(1), w.get(2));
                            List<Array> out =
                                Control.remat(
                                    policy, operands, args -> List.of(layer(args, compute)));
                            return new Control.ScanResult(out, List.of());
                          });
                  Array logits = Ops.einsum("bsd,vd->bsv", layers.carry().get(0), p.get(3));
                  return crossEntropy(logits, a.get(4));
                }));
  }

  private static Literal small(OpCases cases, long... dims) {
    Literal normal = cases.normal(DType.F32, dims);
    return Literal.generate(normal.type(), i -> normal.get(i) * 0.3);
  }

  private interface Loss {
    Array of(List<Array> parameters);
  }

  private static List<Array> lossAndGradient(List<Array> parameters, Loss loss) {
    Grad.ValueAndGrad<List<Array>, List<Array>> result =
        Grad.valueAndGrad(parameters, p -> new Grad.Objective<>(loss.of(p), List.of()));
    return Stream.concat(Stream.of(result.loss()), result.grad().stream()).toList();
  }

  private static Array crossEntropy(Array logits, Array targets) {
    Array sum = Ops.logSumExp(logits).reshape(targets.shape());
    return sum.sub(Ops.takeAlongLast(logits, targets)).mean();
  }

  private static Array layer(List<Array> a, DType compute) {
    Array x = a.get(0);
    Array norm =
        Control.composite(
                "jaxon.rms_norm",
                Map.of("epsilon", "1e-6"),
                List.of(x, a.get(3)),
                v -> List.of(norm(v.get(0), v.get(1))))
            .getFirst();
    Array qkv = Ops.einsum("bsd,dchk->bschk", norm.astype(compute), a.get(1).astype(compute));
    Array scores = Ops.einsum("bqhd,bkhd->bhqk", part(qkv, 0), part(qkv, 1), DType.F32).mul(0.5);
    TensorType ids = TensorType.of(DType.I32, BATCH, HEADS, LENGTH, LENGTH);
    Array isSeen = Ops.iota(ids, 2).ge(Ops.iota(ids, 3));
    Array masked = isSeen.select(scores, Ops.full(scores.type(), -1e30));
    Array e = masked.sub(masked.maxOver(-1).expandDims(-1).stopGradient()).exp();
    Array weights = e.div(e.sum(-1).expandDims(-1)).astype(compute);
    Array mixed = Ops.einsum("bhqk,bkhd->bqhd", weights, part(qkv, 2)).named("mix");
    return x.add(Ops.einsum("bqhd,hdm->bqm", mixed, a.get(2).astype(compute)).astype(DType.F32));
  }

  private static Array part(Array qkv, int index) {
    return qkv.slice(2, index, index + 1).reshape(BATCH, LENGTH, HEADS, HEAD);
  }

  private static Array norm(Array x, Array scale) {
    Array one = x.mul(x.square().mean(-1).expandDims(-1).add(1e-6).rsqrt());
    return one.mul(scale.add(1.0).reshape(1, 1, WIDTH).broadcastTo(x.shape()));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void agreesWithTheInterpreter(OpCase test) {
    test.check();
  }
}
