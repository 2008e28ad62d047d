package jaxon.graph.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import jaxon.graph.Graph;
import jaxon.graph.GraphBuilder;
import jaxon.graph.SourceLine;
import jaxon.graph.Var;
import jaxon.graph.op.ElementwiseOp;
import jaxon.graph.op.IndexOp;
import jaxon.graph.op.LogicalAxes;
import jaxon.graph.op.ReduceOp;
import jaxon.graph.op.RematPolicy;
import jaxon.graph.op.ShapeOp;
import jaxon.graph.op.UnaryOp;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Control;
import jaxon.graph.trace.Ops;
import jaxon.graph.trace.Threefry;
import jaxon.graph.trace.Tracer;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.Shape;
import jaxon.graph.type.TensorType;
import jaxon.testing.Golden;
import jaxon.testing.Traced;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/// The texts under `golden/` were accepted by XLA when they were written; see docs/stablehlo.md.
class StableHloPrinterTest {
  private static final TensorType VECTOR = TensorType.of(DType.F32, 4);
  private static final TensorType MATRIX = TensorType.of(DType.F32, 3, 4);

  @Test
  void elementwise(TestInfo test) {
    check(
        test,
        List.of(VECTOR, TensorType.of(DType.UI32, 4), TensorType.of(DType.I1, 4)),
        args -> {
          Array x = args.get(0);
          Array bits = args.get(1);
          Array y = x.erf().add(x.exp()).max(Ops.clamp(x.neg(), x, x.square()));
          Array chosen = args.get(2).select(y, bits.astype(DType.F32));
          Array less = bits.lt(bits.not()).and(x.ge(y)).and(args.get(2).ne(x.isFinite()));
          Array sign = Traced.emit(UnaryOp.SIGN, bits).add(Traced.emit(UnaryOp.ABS, bits));
          return List.of(chosen, less, chosen.bitcast(DType.I32), sign);
        });
  }

  @Test
  void shapes(TestInfo test) {
    check(
        test,
        List.of(MATRIX, TensorType.of(DType.F32)),
        args -> {
          Array x = args.get(0);
          Array pad =
              Traced.emit(
                  new ShapeOp.Pad(List.of(1L, -1L), List.of(0L, 2L), List.of(1L, 0L)),
                  x,
                  args.get(1));
          ShapeOp.Slice slice =
              new ShapeOp.Slice(List.of(0L, 1L), List.of(3L, 4L), List.of(2L, 1L));
          Array wide = args.get(1).broadcastTo(Shape.of(2, 2)).reshape(4, 1);
          return List.of(
              pad,
              Traced.emit(slice, x),
              Ops.concatenate(0, List.of(x.transpose(1, 0), wide.broadcastTo(Shape.of(4, 3)))),
              x.reverse(0, 1).reshape(12),
              Ops.iota(TensorType.of(DType.I64, 2, 3), 1));
        });
  }

  @Test
  void constants(TestInfo test) {
    check(
        test,
        List.of(),
        _ -> {
          float[] specials = {Float.NaN, Float.POSITIVE_INFINITY, -0.0f, 0.1f, 1e-8f, 3.4e38f};
          List<Array> all = new ArrayList<>();
          all.add(Ops.constant(Literal.ofFloats(specials, 2, 3)));
          all.add(Ops.constant(Literal.splat(TensorType.of(DType.BF16, 7, 9), 1.0 / 3)));
          all.add(Ops.constant(DType.BF16, Double.NEGATIVE_INFINITY));
          all.add(Ops.constant(DType.F16, Double.NaN));
          all.add(Ops.constant(DType.F64, Double.NaN));
          all.add(Ops.constant(Literal.generateLongs(TensorType.of(DType.I1, 3), i -> i % 2)));
          all.add(Ops.constant(Literal.generateLongs(TensorType.of(DType.UI32, 2), i -> i - 1)));
          all.add(Ops.constant(Literal.generateLongs(TensorType.of(DType.UI64, 1), _ -> -1)));
          all.add(Ops.constant(Literal.generateLongs(TensorType.of(DType.I32, 101), i -> i)));
          all.add(Ops.constant(Literal.generateLongs(TensorType.of(DType.I8, 0, 2), i -> i)));
          return all;
        });
  }

  @Test
  void folds(TestInfo test) {
    TensorType batched = TensorType.of(DType.BF16, 2, 3, 4);
    check(
        test,
        List.of(MATRIX, batched, TensorType.of(DType.I1, 3), TensorType.of(DType.I8, 5)),
        args -> {
          Array x = args.get(0);
          Array b = args.get(1);
          return List.of(
              Ops.einsum("ij,kj->ik", x, x),
              Ops.einsum("bij,bkj->bik", b, b, DType.F32),
              Ops.einsum("bij,bkj->bik", b, b),
              x.sum(1),
              b.sum(0, 2),
              b.maxOver(1),
              args.get(2).all(),
              args.get(3).minOver());
        });
  }

  @Test
  void indexing(TestInfo test) {
    TensorType indices = TensorType.of(DType.I32, 3);
    IndexOp.GatherDims rows =
        new IndexOp.GatherDims(List.of(1), List.of(0), List.of(), List.of(), List.of(0), 1);
    check(
        test,
        List.of(MATRIX, indices, TensorType.of(DType.I32), TensorType.of(DType.BF16, 3, 4)),
        args -> {
          Array x = args.get(0);
          Array at = args.get(2);
          Array small = args.get(3);
          Array row = Ops.dynamicSlice(x, List.of(at, at), Shape.of(1, 4));
          return List.of(
              Ops.take(x, args.get(1)),
              Ops.takeAlongLast(x, args.get(1)),
              row,
              Ops.dynamicUpdateSlice(x, row, List.of(at, at)),
              Traced.emit(new IndexOp.Scatter(rows, IndexOp.Combiner.SET), x, args.get(1), x),
              Traced.emit(
                  new IndexOp.Scatter(rows, IndexOp.Combiner.ADD), small, args.get(1), small));
        });
  }

  @Test
  void sort(TestInfo test) {
    check(
        test,
        List.of(MATRIX, TensorType.of(DType.I32, 3, 4)),
        args -> {
          List<Array> both = Ops.sort(1, true, args);
          return List.of(
              both.get(0), both.get(1), Ops.sort(0, false, args.subList(1, 2)).getFirst());
        });
  }

  @Test
  void whileAndCase(TestInfo test) {
    check(
        test,
        List.of(TensorType.of(DType.I32), VECTOR),
        args -> {
          List<Array> loop =
              Control.whileLoop(
                  args,
                  carry -> carry.get(0).lt(Ops.constant(DType.I32, 8)),
                  carry -> List.of(carry.get(0).add(1), carry.get(1).tanh()));
          return Control.switchCase(
              loop.get(0),
              loop.subList(1, 2),
              List.of(x -> List.of(x.get(0).neg()), x -> List.of(x.get(0).mul(args.get(1)))));
        });
  }

  @Test
  void scan(TestInfo test) {
    check(
        test,
        List.of(VECTOR, TensorType.of(DType.F32, 5, 4), VECTOR),
        args -> {
          Control.ScanResult result =
              Control.scan(
                  5,
                  true,
                  args.subList(0, 1),
                  args.subList(1, 2),
                  (carry, x) -> {
                    Array next = carry.get(0).mul(args.get(2)).add(x.get(0));
                    return new Control.ScanResult(List.of(next), List.of(next.sum()));
                  });
          return List.of(result.carry().getFirst(), result.ys().getFirst());
        });
  }

  @Test
  void calls(TestInfo test) {
    check(
        test,
        List.of(VECTOR),
        args -> {
          List<Array> swish = List.of(swish(args.get(0)));
          List<Array> again = List.of(swish(swish.get(0).named("hidden \"state\"\n")));
          List<Array> square =
              Control.customVjp(
                  "square",
                  again,
                  x -> List.of(x.get(0).square()),
                  x -> List.of(x.get(0).square(), x.get(0)),
                  r -> List.of(r.get(0).mul(r.get(1))));
          List<Array> kept =
              Control.remat(RematPolicy.FULL, square, x -> List.of(x.get(0).sin(), x.get(0)));
          Array sharded = kept.get(1).constrain(LogicalAxes.of("embed")).stopGradient();
          return Ops.optimizationBarrier(List.of(kept.get(0), sharded));
        });
  }

  private static Array swish(Array x) {
    return Control.composite(
            "jaxon.swish",
            Map.of("beta", "1.0", "a \"b\"", "c\\"),
            List.of(x),
            args -> List.of(args.get(0).mul(args.get(0).logistic())))
        .getFirst();
  }

  @Test
  void locations(TestInfo test) {
    GraphBuilder builder = new GraphBuilder();
    Var x = builder.input(VECTOR);
    SourceLine line = new SourceLine("Mlp \"x\".java", 31, "apply");
    Var y = builder.emit(UnaryOp.TANH, List.of(x), List.of(), line).getFirst();
    IndexOp.Sort sort = new IndexOp.Sort(0, false);
    Var z = builder.emit(sort, List.of(y), List.of(), line).getFirst();
    Var w = builder.emit(UnaryOp.ABS, List.of(z), List.of(), SourceLine.UNKNOWN).getFirst();
    Graph graph = builder.build("located", List.of(w));
    Golden.check(test, StableHloPrinter.printWithLocations(graph));
    assertThat(StableHloPrinter.print(graph)).doesNotContain("loc(");
  }

  @Test
  void equalGraphsGiveEqualText() {
    Function<List<Array>, List<Array>> program =
        args -> List.of(Threefry.normal(args.get(0), Shape.of(3, 5)).add(swish(args.get(1)).sum()));
    List<TensorType> types = List.of(TensorType.of(DType.UI32, 2), VECTOR);
    Graph graph = Tracer.traceClosed("random", types, program);
    Graph again = Tracer.traceClosed("random", types, program);
    String text = StableHloPrinter.print(graph);
    assertThat(StableHloPrinter.print(graph)).isEqualTo(text);
    assertThat(StableHloPrinter.print(again)).isEqualTo(text);
  }

  @Test
  void equalDecompositionsAreSharedAndOthersNumbered() {
    Graph graph =
        Tracer.traceClosed(
            "calls",
            List.of(VECTOR, TensorType.of(DType.F32, 2)),
            args -> List.of(swish(swish(args.get(0))), swish(args.get(1))));
    String text = StableHloPrinter.print(graph);
    assertThat(text.split("func.func private @jaxon.swish.impl\\(", -1)).hasSize(2);
    assertThat(text).contains("func.func private @jaxon.swish.impl_0(");
  }

  @Test
  void namesAreEscaped() {
    Graph graph =
        Tracer.traceClosed(
            "my \"model\"\n",
            List.of(VECTOR),
            args ->
                Control.composite("a \"b\" é", Map.of(), args, x -> List.of(x.getFirst().exp())));
    assertThat(StableHloPrinter.print(graph))
        .contains("module @\"my \\22model\\22\\0A\" {")
        .contains("stablehlo.composite \"jaxon.a__b___\" %arg0")
        .contains("func.func private @\"a \\22b\\22 \\C3\\A9.impl\"(");
  }

  @Test
  void aCompositeNamedMainIsNotTheMainFunction() {
    Graph graph =
        Tracer.traceClosed(
            "",
            List.of(VECTOR),
            args -> Control.customVjp("main", args, x -> x, x -> x, cotangents -> cotangents));
    assertThat(StableHloPrinter.print(graph))
        .contains("module @graph {")
        .contains("func.call @main_0(%arg0)");
  }

  @Test
  void comparisonsOfUnsignedNumbersAndBoolsAreUnsigned() {
    for (DType dtype : List.of(DType.I1, DType.UI8, DType.UI32, DType.UI64)) {
      assertThat(compare(dtype)).contains(", UNSIGNED :");
    }
    assertThat(compare(DType.I8)).contains(", SIGNED :");
    assertThat(compare(DType.BF16)).contains(", FLOAT :");
  }

  private static String compare(DType dtype) {
    TensorType type = TensorType.of(dtype, 2);
    return StableHloPrinter.print(
        Tracer.traceClosed(
            "compare",
            List.of(type, type),
            args ->
                List.of(
                    Traced.emit(
                        new ElementwiseOp.Compare(ElementwiseOp.Direction.LT),
                        args.get(0),
                        args.get(1)))));
  }

  @Test
  void maximumOfNothingIsTheLeastNumber() {
    assertThat(reduceMax(DType.UI64)).contains("dense<0> : tensor<ui64>");
    assertThat(reduceMax(DType.I64)).contains("dense<-9223372036854775808> : tensor<i64>");
    assertThat(reduceMax(DType.BF16)).contains("dense<0xFF80> : tensor<bf16>");
  }

  private static String reduceMax(DType dtype) {
    ReduceOp.Reduce max = new ReduceOp.Reduce(ReduceOp.Kind.MAX, List.of(0));
    return StableHloPrinter.print(
        Tracer.traceClosed(
            "max",
            List.of(TensorType.of(dtype, 2)),
            args -> List.of(Traced.emit(max, args.getFirst()))));
  }

  private static void check(
      TestInfo test, List<TensorType> inputs, Function<List<Array>, List<Array>> program) {
    String name = test.getTestMethod().orElseThrow().getName();
    Graph graph = Tracer.traceClosed(name, inputs, program);
    Golden.check(test, StableHloPrinter.print(graph));
  }
}
