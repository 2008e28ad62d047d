package jaxon.runtime.cpu.loop;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import jaxon.graph.Graph;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Ops;
import jaxon.graph.trace.Tracer;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.Shape;
import jaxon.graph.type.TensorType;
import org.junit.jupiter.api.Test;

/// The loops of a transformer, against the interpreter.
class FusedPatternsTest {
  private static final double TOLERANCE = 2e-6;

  private static TensorType f32(long... dims) {
    return TensorType.of(DType.F32, dims);
  }

  private static TensorType bf16(long... dims) {
    return TensorType.of(DType.BF16, dims);
  }

  private static List<Literal> inputs(List<TensorType> types) {
    SplittableRandom random = new SplittableRandom(7);
    return types.stream()
        .map(t ->
            t.dtype().isFloat()
                ? Literal.generate(t, _ -> random.nextDouble(-2, 2))
                : Literal.generateLongs(t, _ -> random.nextLong(0, t.dtype() == DType.I1 ? 2 : 50)))
        .toList();
  }

  private static void check(
      Shape shape,
      int rowDims,
      List<TensorType> types,
      Function<List<Array>, List<Array>> function) {
    Graph region = Tracer.traceClosed("loop", types, function);
    LoopRun.check(region, shape, rowDims, inputs(types), TOLERANCE);
  }

  @Test
  void swiGlu() {
    List<TensorType> types = List.of(bf16(3, 5, 37), bf16(3, 5, 37));
    check(
        Shape.of(3, 5, 37),
        2,
        types,
        a -> {
          Array g = a.get(0);
          return List.of(g.mul(g.logistic()).mul(a.get(1)));
        });
  }

  @Test
  void softmax() {
    check(
        Shape.of(4, 3, 35),
        2,
        List.of(f32(4, 3, 35)),
        a -> {
          Array x = a.getFirst();
          Array e = x.sub(x.maxOver(-1).expandDims(-1)).exp();
          return List.of(e.div(e.sum(-1).expandDims(-1)));
        });
  }

  @Test
  void logSumExpAndMask() {
    check(
        Shape.of(4, 6, 33),
        2,
        List.of(bf16(4, 6, 33)),
        a -> {
          Array x = a.getFirst().astype(DType.F32);
          TensorType ints = TensorType.of(DType.I32, 4, 6, 33);
          Array masked =
              Ops.iota(ints, 1).ge(Ops.iota(ints, 2)).select(x, Ops.constant(DType.F32, -1e9));
          return List.of(Ops.logSumExp(masked).reshape(4, 6));
        });
  }

  @Test
  void rmsNorm() {
    check(
        Shape.of(2, 7, 64),
        2,
        List.of(bf16(2, 7, 64), bf16(2, 7, 64), f32(64)),
        a -> {
          Array sum = a.get(0).add(a.get(1));
          Array x = sum.astype(DType.F32);
          Array scale = x.square().mean(-1).expandDims(-1).add(1e-6).rsqrt();
          Array y = x.mul(scale).mul(a.get(2).broadcastTo(x.shape()));
          return List.of(sum, y.astype(DType.BF16), scale.reshape(2, 7));
        });
  }

  @Test
  void rmsNormGradient() {
    check(
        Shape.of(2, 50, 40),
        2,
        List.of(f32(2, 50, 40), f32(40), f32(2, 50), f32(2, 50, 40)),
        a -> {
          Array x = a.get(0);
          Array scale = a.get(1).broadcastTo(x.shape());
          Array inv = a.get(2).expandDims(-1);
          Array dy = a.get(3);
          Array dn = dy.mul(scale);
          Array n = x.mul(inv);
          Array dot = dn.mul(n).mean(-1).expandDims(-1);
          Array dx = dn.sub(n.mul(dot)).mul(inv);
          return List.of(dx, dy.mul(n).sum(0, 1));
        });
  }

  @Test
  void adamW() {
    List<TensorType> types = List.of(f32(700), f32(700), f32(700), bf16(700), f32(), f32());
    check(
        Shape.of(700),
        0,
        types,
        a -> {
          Array g = a.get(3).astype(DType.F32).mul(a.get(4));
          Array m = a.get(1).mul(0.9).add(g.mul(0.1));
          Array v = a.get(2).square().mul(0.95).add(g.square().mul(0.05));
          Array step = m.div(v.sqrt().add(1e-8)).add(a.get(0).mul(0.1));
          return List.of(a.get(0).sub(step.mul(a.get(5))), m, v, g.square().sum());
        });
  }

  @Test
  void rope() {
    List<TensorType> types = List.of(bf16(2, 5, 3, 48), f32(2, 5, 1, 24), f32(2, 5, 1, 24));
    check(
        Shape.of(2, 5, 3, 48),
        4,
        types,
        a -> {
          Array x = a.get(0).astype(DType.F32);
          Array left = x.slice(-1, 0, 24);
          Array right = x.slice(-1, 24, 48);
          Array cos = a.get(1);
          Array sin = a.get(2);
          Array y =
              Ops.concatenate(
                  -1,
                  List.of(left.mul(cos).sub(right.mul(sin)), right.mul(cos).add(left.mul(sin))));
          return List.of(y.astype(DType.BF16));
        });
  }

  @Test
  void ropeGradient() {
    List<TensorType> types = List.of(f32(2, 5, 3, 48), f32(2, 5, 1, 24), f32(2, 5, 1, 24));
    check(
        Shape.of(2, 5, 3, 48),
        3,
        types,
        a -> {
          Array left = a.get(0).slice(-1, 0, 24);
          Array right = a.get(0).slice(-1, 24, 48);
          Array cos = a.get(1);
          Array sin = a.get(2);
          Array dl = left.mul(cos).add(right.mul(sin));
          Array dr = right.mul(cos).sub(left.mul(sin));
          return List.of(Ops.pad(dl, 3, 0, 24, 0).add(Ops.pad(dr, 3, 24, 0, 0)));
        });
  }

  @Test
  void transposedHeads() {
    check(
        Shape.of(2, 3, 5, 16),
        0,
        List.of(bf16(2, 5, 3, 16)),
        a -> List.of(a.getFirst().transpose(0, 2, 1, 3).mul(0.5)));
  }

  @Test
  void transposedMatrix() {
    check(
        Shape.of(37, 21),
        2,
        List.of(f32(21, 37), f32(37, 21)),
        a -> List.of(a.getFirst().transpose(1, 0).add(a.get(1))));
  }

  @Test
  void reshapedHeads() {
    check(
        Shape.of(2, 5, 48),
        3,
        List.of(f32(2, 5, 3, 16), f32(2, 5, 48)),
        a -> List.of(a.getFirst().mul(2).reshape(2, 5, 48).add(a.get(1))));
  }
}
