package jaxon.runtime.pass;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import jaxon.graph.Graph;
import jaxon.graph.op.ReduceOp;
import jaxon.graph.op.ShapeOp;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Control;
import jaxon.graph.trace.Ops;
import jaxon.graph.trace.Tracer;
import jaxon.graph.type.DType;
import jaxon.graph.type.Shape;
import jaxon.graph.type.TensorType;
import jaxon.testing.GraphListing;
import jaxon.testing.PassVerifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SimplifyAlgebraTest {
  private static final EliminateDead SWEEP = new EliminateDead();

  /// One rewrite: the function, and the ops that are left of it.
  record Case(String rewrite, TensorType type, Function<Array, Array> function, List<String> left) {
    @Override
    public String toString() {
      return rewrite;
    }
  }

  private static Case rewrite(
      String rewrite, TensorType type, Function<Array, Array> function, String... left) {
    return new Case(rewrite, type, function, List.of(left));
  }

  static Stream<Case> arithmetic() {
    return Stream.of(
        rewrite("x + 0 (i32) -> x", Traced.I32, x -> x.add(0)),
        rewrite("0 + x (i32) -> x", Traced.I32, x -> Ops.full(x.type(), 0).add(x)),
        rewrite("x + -0 -> x", Traced.F32, x -> x.add(-0.0)),
        rewrite("x + 0 stays", Traced.F32, x -> x.add(0.0), "constant", "broadcast_in_dim", "add"),
        rewrite("x - 0 -> x", Traced.F32, x -> x.sub(0)),
        rewrite("x * 1 -> x", Traced.F32, x -> x.mul(1)),
        rewrite("x / 1 -> x", Traced.F32, x -> x.div(1)),
        rewrite("pow(x, 1) -> x", Traced.F32, x -> x.pow(1)),
        rewrite(
            "x * 0 stays", Traced.F32, x -> x.mul(0), "constant", "broadcast_in_dim", "multiply"),
        rewrite("x * 0 (i32) -> 0", Traced.I32, x -> x.mul(0), "constant", "broadcast_in_dim"),
        rewrite("x & true -> x", Traced.I1, x -> x.and(Ops.full(x.type(), 1))),
        rewrite("x | false -> x", Traced.I1, x -> x.or(Ops.full(x.type(), 0))),
        rewrite(
            "x | true -> true",
            Traced.I1,
            x -> x.or(Ops.full(x.type(), 1)),
            "constant",
            "broadcast_in_dim"),
        rewrite("max(x, x) -> x", Traced.F32, x -> x.max(x)),
        rewrite("-(-x) -> x", Traced.F32, x -> x.neg().neg()),
        rewrite("!(!x) -> x", Traced.I1, x -> x.not().not()),
        rewrite("select(p, x, x) -> x", Traced.F32, x -> x.gt(x).select(x, x)),
        rewrite(
            "select(true, x, y) -> x", Traced.F32, x -> Ops.full(Traced.I1, 1).select(x, x.neg())),
        rewrite(
            "select(false, x, y) -> y",
            Traced.F32,
            x -> Ops.full(Traced.I1, 0).select(x, x.neg()),
            "negate"));
  }

  static Stream<Case> conversions() {
    return Stream.of(
        rewrite("convert<f32>(f32) -> x", Traced.F32, x -> x.astype(DType.F32)),
        rewrite(
            "f32 -> f64 -> bf16",
            Traced.F32,
            x -> x.astype(DType.F64).astype(DType.BF16),
            "convert"),
        rewrite("f32 -> f64 -> f32", Traced.F32, x -> x.astype(DType.F64).astype(DType.F32)),
        rewrite(
            "f32 -> bf16 -> f32 stays",
            Traced.F32,
            x -> x.astype(DType.BF16).astype(DType.F32),
            "convert",
            "convert"),
        rewrite(
            "i32 -> f64 -> i8 stays",
            Traced.I32,
            x -> x.astype(DType.F64).astype(DType.I8),
            "convert",
            "convert"),
        rewrite("bitcast<i32>(i32) -> x", Traced.I32, x -> x.bitcast(DType.I32)));
  }

  static Stream<Case> movements() {
    Shape big = Shape.of(2, 3, 4, 2);
    return Stream.of(
        rewrite("reshape(reshape(x))", Traced.F32, x -> x.reshape(6).reshape(3, 2), "reshape"),
        rewrite("reshape there and back", Traced.F32, x -> x.reshape(6).reshape(2, 3)),
        rewrite("transpose there and back", Traced.F32, x -> x.transpose(1, 0).transpose(1, 0)),
        rewrite(
            "transpose(transpose(x))",
            TensorType.of(DType.F32, 2, 3, 5),
            x -> x.transpose(1, 2, 0).transpose(2, 1, 0),
            "transpose"),
        rewrite(
            "broadcast(broadcast(x))",
            Traced.F32,
            x -> x.broadcastInDim(Shape.of(4, 2, 3), 1, 2).broadcastInDim(big, 2, 0, 1),
            "broadcast_in_dim"),
        rewrite("broadcast to its shape", Traced.F32, x -> x.broadcastInDim(x.shape(), 0, 1)),
        rewrite("slice of all", Traced.F32, x -> x.slice(1, 0, 3)),
        rewrite("pad of nothing", Traced.F32, x -> Ops.pad(x, 1, 0, 0, 7)),
        rewrite("concatenate of one", Traced.F32, x -> Ops.concatenate(0, List.of(x))),
        rewrite(
            "concatenate with an empty one",
            Traced.F32,
            x -> Ops.concatenate(0, List.of(x.slice(0, 0, 0), x, x)),
            "concatenate"),
        rewrite("reverse of a dim of size 1", TensorType.of(DType.F32, 1, 3), x -> x.reverse(0)),
        rewrite(
            "exp(broadcast(x)) -> broadcast(exp(x))",
            Traced.F32,
            x -> x.broadcastInDim(Shape.of(9, 2, 3), 1, 2).exp(),
            "exponential",
            "broadcast_in_dim"));
  }

  static Stream<Case> positions() {
    return Stream.of(
        rewrite(
            "dynamic_slice of all",
            Traced.F32,
            x -> Ops.dynamicSlice(x, List.of(index(7), index(-7)), x.shape())),
        rewrite(
            "dynamic_update_slice of all",
            Traced.F32,
            x -> Ops.dynamicUpdateSlice(x, x.neg(), List.of(index(1), index(1))),
            "negate"),
        rewrite(
            "dynamic_slice at constants, clamped",
            Traced.F32,
            x -> Ops.dynamicSlice(x, List.of(index(1), index(9)), Shape.of(1, 2)),
            "slice"),
        rewrite(
            "max over no dims",
            Traced.F32,
            x -> Traced.apply(new ReduceOp.Reduce(ReduceOp.Kind.MAX, List.of()), x)),
        rewrite(
            "float sum over no dims stays",
            Traced.F32,
            x -> Traced.apply(new ReduceOp.Reduce(ReduceOp.Kind.SUM, List.of()), x),
            "reduce"),
        rewrite("case of a constant", Traced.F32, x -> branch(x, 1), "exponential"),
        rewrite("case out of range", Traced.F32, x -> branch(x, 5), "exponential"));
  }

  private static Array index(int value) {
    return Ops.constant(DType.I32, value);
  }

  private static Array branch(Array x, int index) {
    return Control.switchCase(
            index(index),
            List.of(x),
            List.of(args -> List.of(args.getFirst().neg()), args -> List.of(args.getFirst().exp())))
        .getFirst();
  }

  @ParameterizedTest
  @MethodSource({"arithmetic", "conversions", "movements", "positions"})
  void rewrites(Case rewrite) {
    Graph graph = Traced.of(rewrite.type(), rewrite.function());
    Graph simplified = PassVerifier.verify(new SimplifyAlgebra(), graph);
    assertThat(GraphListing.ops(SWEEP.run(simplified))).isEqualTo(rewrite.left());
  }

  @Test
  void rewritesInRegions() {
    Graph graph =
        Traced.of(
            Traced.F32,
            x ->
                Control.scan(
                        2,
                        false,
                        List.of(x),
                        List.of(),
                        (carry, _) ->
                            new Control.ScanResult(
                                List.of(carry.getFirst().neg().neg().exp()), List.of()))
                    .carry()
                    .getFirst());
    Graph simplified = SWEEP.run(PassVerifier.verify(new SimplifyAlgebra(), graph));
    Graph body = simplified.equations().getFirst().regions().getFirst();
    assertThat(GraphListing.ops(body)).containsExactly("exponential");
  }

  @Test
  void leavesGraphsWithoutOpportunityAlone() {
    Graph graph = Traced.of(Traced.F32, x -> x.exp().transpose(1, 0));
    assertThat(new SimplifyAlgebra().run(graph)).isSameAs(graph);
  }

  @Test
  void sliceWithStrideOverOneElementIsDropped() {
    ShapeOp.Slice slice = new ShapeOp.Slice(List.of(0L), List.of(1L), List.of(3L));
    Graph graph =
        Tracer.traceClosed(
            "f",
            List.of(TensorType.of(DType.F32, 1)),
            args -> List.of(Traced.apply(slice, args.getFirst())));
    assertThat(PassVerifier.verify(new SimplifyAlgebra(), graph).equations()).isEmpty();
  }
}
