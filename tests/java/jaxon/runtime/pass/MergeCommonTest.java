package jaxon.runtime.pass;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import jaxon.graph.Graph;
import jaxon.graph.trace.Control;
import jaxon.graph.trace.Ops;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;
import jaxon.testing.GraphListing;
import jaxon.testing.PassVerifier;
import org.junit.jupiter.api.Test;

class MergeCommonTest {
  @Test
  void mergesChains() {
    Graph graph = Traced.of(Traced.F32, x -> x.exp().neg().mul(x.exp().neg()));
    Graph merged = PassVerifier.verify(new MergeCommon(), graph);
    assertThat(GraphListing.ops(merged)).containsExactly("exponential", "negate", "multiply");
  }

  @Test
  void differentAttributesAndOperandsStayApart() {
    Graph graph =
        Traced.ofList(
            List.of(Traced.F32, Traced.F32),
            args ->
                List.of(
                    args.get(0).exp(), args.get(1).exp(), args.get(0).sum(0), args.get(0).sum(1)));
    assertThat(new MergeCommon().run(graph)).isSameAs(graph);
  }

  @Test
  void mergesEqualConstants() {
    Graph graph = Traced.of(Traced.F32, x -> x.add(2).mul(2));
    Graph merged = PassVerifier.verify(new MergeCommon(), graph);
    assertThat(GraphListing.ops(merged))
        .containsExactly("constant", "broadcast_in_dim", "add", "multiply");
  }

  @Test
  void zerosOfDifferentSignStayApart() {
    Graph graph = Traced.of(Traced.F32, x -> x.add(0.0).mul(-0.0));
    assertThat(new MergeCommon().run(graph)).isSameAs(graph);
  }

  @Test
  void largeConstantsAreMergedOnlyWhenTheyAreOneObject() {
    TensorType type = TensorType.of(DType.F32, 5000);
    Literal one = Literal.generate(type, i -> i);
    Literal other = Literal.generate(type, i -> i);
    Graph graph =
        Traced.ofList(
            List.of(),
            _ ->
                List.of(
                    Ops.constant(one).add(Ops.constant(one)),
                    Ops.constant(one).add(Ops.constant(other))));
    Graph merged = PassVerifier.verify(new MergeCommon(), graph);
    assertThat(GraphListing.ops(merged)).containsExactly("constant", "add", "constant", "add");
  }

  @Test
  void regionsDoNotShareWithTheirSurroundings() {
    Graph graph =
        Traced.of(
            Traced.F32,
            x ->
                Control.cond(
                        x.sum().gt(Ops.constant(DType.F32, 0)),
                        List.of(x.exp()),
                        args -> List.of(args.getFirst().exp().add(args.getFirst().exp())),
                        args -> List.of(args.getFirst().exp()))
                    .getFirst());
    Graph merged = PassVerifier.verify(new MergeCommon(), graph);
    Graph branch = merged.equations().getLast().regions().getFirst();
    assertThat(GraphListing.ops(branch)).containsExactly("exponential", "add");
  }
}
