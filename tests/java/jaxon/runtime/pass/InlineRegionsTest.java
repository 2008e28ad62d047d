package jaxon.runtime.pass;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import jaxon.graph.Graph;
import jaxon.graph.op.ControlOp;
import jaxon.graph.op.RematPolicy;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Control;
import jaxon.graph.trace.Tracer;
import jaxon.testing.GraphListing;
import jaxon.testing.PassVerifier;
import org.junit.jupiter.api.Test;

class InlineRegionsTest {
  private static Array composite(String name, Array x) {
    return Control.composite(
            name, Map.of(), List.of(x), args -> List.of(args.getFirst().exp().neg()))
        .getFirst();
  }

  @Test
  void inlinesRematAndWhatItHolds() {
    Graph graph =
        Traced.of(
            Traced.F32,
            x ->
                Control.remat(
                        RematPolicy.FULL,
                        List.of(x),
                        args -> List.of(composite("jaxon.f", args.getFirst()).tanh()))
                    .getFirst());
    Graph inlined = PassVerifier.verify(new InlineRegions(_ -> false), graph);
    assertThat(GraphListing.ops(inlined)).containsExactly("exponential", "negate", "tanh");
  }

  @Test
  void customVjpRunsAsItsPrimal() {
    Graph graph =
        Traced.of(
            Traced.F32,
            x ->
                Control.customVjp(
                        "f",
                        List.of(x),
                        args -> List.of(args.getFirst().exp()),
                        args -> List.of(args.getFirst().exp(), args.getFirst().sin()),
                        args -> List.of(args.get(0).mul(args.get(1))))
                    .getFirst());
    Graph inlined = PassVerifier.verify(new InlineRegions(_ -> false), graph);
    assertThat(GraphListing.ops(inlined)).containsExactly("exponential");
  }

  @Test
  void keepsTheCompositesThatTheBackendRuns() {
    Graph graph =
        Traced.of(Traced.F32, x -> composite("jaxon.kept", composite("jaxon.inlined", x)));
    Graph inlined = PassVerifier.verify(new InlineRegions("jaxon.kept"::equals), graph);
    assertThat(GraphListing.ops(inlined)).containsExactly("exponential", "negate", "composite");
    assertThat(inlined.equations().getLast().op())
        .isInstanceOfSatisfying(
            ControlOp.Composite.class, op -> assertThat(op.name()).isEqualTo("jaxon.kept"));
  }

  @Test
  void aRegionInlinedTwiceDefinesItsValuesTwice() {
    Graph region = Traced.of(Traced.F32, Array::exp);
    Graph graph =
        Traced.of(
            Traced.F32,
            x -> {
              ControlOp.Remat remat = new ControlOp.Remat(RematPolicy.FULL);
              Array once = Tracer.current().emit(remat, List.of(x), List.of(region)).getFirst();
              return Tracer.current().emit(remat, List.of(once), List.of(region)).getFirst();
            });
    Graph inlined = PassVerifier.verify(new InlineRegions(_ -> false), graph);
    assertThat(GraphListing.ops(inlined)).containsExactly("exponential", "exponential");
  }
}
