package jaxon.runtime.pass;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Supplier;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.op.SourceOp;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Ops;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;
import jaxon.testing.GraphListing;
import jaxon.testing.PassVerifier;
import org.junit.jupiter.api.Test;

class FoldConstantsTest {
  private static Graph fold(Supplier<Array> result) {
    Graph graph = Traced.ofList(List.of(), _ -> List.of(result.get()));
    return new EliminateDead().run(PassVerifier.verify(new FoldConstants(), graph));
  }

  private static Literal onlyConstant(Graph graph) {
    assertThat(graph.equations()).hasSize(1);
    Equation equation = graph.equations().getFirst();
    assertThat(equation.op()).isInstanceOf(SourceOp.Constant.class);
    return ((SourceOp.Constant) equation.op()).value();
  }

  @Test
  void foldsAChainToItsValue() {
    Graph folded =
        fold(() ->
            Ops.arange(DType.F32, 4).add(Ops.constant(Literal.ofFloats(new float[4], 4))).sum());
    assertThat(onlyConstant(folded)).isEqualTo(Literal.ofFloats(new float[] {6}));
  }

  @Test
  void splatsStaySplatsAtAnySize() {
    TensorType huge = TensorType.of(DType.F32, 1 << 20, 1 << 20);
    Graph graph =
        Traced.ofList(
            List.of(), _ -> List.of(Ops.full(huge, 2).mul(3).astype(DType.BF16).reshape(1L << 40)));
    Literal value = onlyConstant(new EliminateDead().run(new FoldConstants().run(graph)));
    assertThat(value.isSplat()).isTrue();
    assertThat(value.type()).isEqualTo(TensorType.of(DType.BF16, 1L << 40));
    assertThat(value.get(0)).isEqualTo(6);
  }

  @Test
  void keepsThe64BitsOfASplat() {
    long wide = (1L << 62) + 1;
    Literal literal = Literal.wrap(TensorType.of(DType.I64, 5), new long[] {wide});
    Literal value = onlyConstant(fold(() -> Ops.constant(literal).reshape(5, 1)));
    assertThat(value.getLong(0)).isEqualTo(wide);
  }

  @Test
  void concatenationOfDifferentSplatsIsNotASplat() {
    TensorType type = TensorType.of(DType.F32, 2);
    Graph folded =
        fold(() ->
            Ops.concatenate(
                0,
                List.of(
                    Ops.constant(Literal.splat(type, 0.0)),
                    Ops.constant(Literal.splat(type, -0.0)))));
    assertThat(onlyConstant(folded).isSplat()).isFalse();
  }

  @Test
  void largeIotasAndBroadcastsStayLazy() {
    Graph folded = fold(() -> Ops.arange(DType.F32, FoldConstants.MAX_ELEMENTS + 1).add(1).exp());
    assertThat(GraphListing.ops(folded)).contains("iota", "add", "exponential");
  }

  @Test
  void whatDependsOnInputsStays() {
    Graph graph = Traced.of(Traced.F32, x -> x.add(x));
    assertThat(new FoldConstants().run(graph)).isSameAs(graph);
  }
}
