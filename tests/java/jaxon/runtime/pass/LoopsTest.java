package jaxon.runtime.pass;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.UnaryOperator;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.op.ControlOp;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Control;
import jaxon.graph.trace.Ops;
import jaxon.graph.type.DType;
import jaxon.graph.type.Shape;
import jaxon.graph.type.TensorType;
import jaxon.testing.GraphListing;
import jaxon.testing.PassVerifier;
import org.junit.jupiter.api.Test;

/// What [EliminateDead], [DemoteInvariants], [SinkConstants] and [HoistInvariants] do to regions.
class LoopsTest {
  private static final TensorType XS = TensorType.of(DType.F32, 4, 2, 3);

  private static Equation scanOf(Graph graph) {
    return graph.equations().stream()
        .filter(equation -> equation.op() instanceof ControlOp.Scan)
        .findFirst()
        .orElseThrow();
  }

  /// Carries `(a, b, c)`: a adds x, b adds a, c is passed on; ys `(a, -x)`.
  private static Control.ScanResult threeCarries(List<Array> args) {
    return Control.scan(
        4,
        false,
        List.of(args.get(0), args.get(0), args.get(0)),
        List.of(args.get(1)),
        (carry, xs) -> {
          Array a = carry.get(0).add(xs.getFirst());
          return new Control.ScanResult(
              List.of(a, carry.get(1).add(a), carry.get(2)), List.of(a, xs.getFirst().neg()));
        });
  }

  @Test
  void unusedCarriesAndYsAreCutOutOfAScan() {
    Graph graph =
        Traced.ofList(List.of(Traced.F32, XS), args -> List.of(threeCarries(args).carry().get(0)));
    Equation scan = scanOf(PassVerifier.verify(new EliminateDead(), graph));
    assertThat(scan.outputs()).hasSize(1);
    assertThat(((ControlOp.Scan) scan.op()).carries()).isEqualTo(1);
    assertThat(GraphListing.ops(scan.regions().getFirst())).containsExactly("add");
  }

  @Test
  void carriesThatOthersDependOnStay() {
    Graph graph =
        Traced.ofList(List.of(Traced.F32, XS), args -> List.of(threeCarries(args).carry().get(1)));
    Equation scan = scanOf(PassVerifier.verify(new EliminateDead(), graph));
    assertThat(((ControlOp.Scan) scan.op()).carries()).isEqualTo(2);
  }

  @Test
  void unusedXsAndConstsAreCutOutOfAScan() {
    Graph graph =
        Traced.ofList(List.of(Traced.F32, XS), args -> List.of(threeCarries(args).carry().get(2)));
    Equation scan = scanOf(PassVerifier.verify(new EliminateDead(), graph));
    assertThat(scan.inputs()).hasSize(1);
  }

  @Test
  void anInvariantCarryBecomesAConst() {
    Graph graph =
        Traced.ofList(List.of(Traced.F32, XS), args -> threeCarries(args).carry().subList(0, 3));
    Graph demoted = PassVerifier.verify(new DemoteInvariants(), graph);
    ControlOp.Scan scan = (ControlOp.Scan) scanOf(demoted).op();
    assertThat(scan.consts()).isEqualTo(1);
    assertThat(scan.carries()).isEqualTo(2);
    assertThat(demoted.outputs().get(2)).isSameAs(demoted.inputs().getFirst());
  }

  @Test
  void unusedCarriesAreCutOutOfAWhile() {
    Graph graph =
        Traced.of(
            Traced.F32,
            x ->
                Control.whileLoop(
                        List.of(Ops.constant(DType.I32, 0), x, x),
                        carry -> carry.get(0).lt(Ops.constant(DType.I32, 3)),
                        carry ->
                            List.of(carry.get(0).add(1), carry.get(1).exp(), carry.get(2).neg()))
                    .get(2));
    Graph swept = PassVerifier.verify(new EliminateDead(), graph);
    assertThat(swept.equations().getLast().outputs()).hasSize(2);
  }

  @Test
  void unusedResultsAndOperandsAreCutOutOfACase() {
    Graph graph =
        Traced.ofList(
            List.of(Traced.F32, Traced.F32),
            args ->
                Control.cond(
                        args.get(0).sum().gt(Ops.constant(DType.F32, 0)),
                        args,
                        in -> List.of(in.get(0).exp(), in.get(1).exp()),
                        in -> List.of(in.get(0), in.get(1)))
                    .subList(0, 1));
    Equation branches = PassVerifier.verify(new EliminateDead(), graph).equations().getLast();
    assertThat(branches.outputs()).hasSize(1);
    assertThat(branches.inputs()).hasSize(2);
    assertThat(GraphListing.ops(branches.regions().getFirst())).containsExactly("exponential");
  }

  @Test
  void splatsAreSunkThroughNestedScans() {
    Graph graph =
        Traced.of(
            Traced.F32,
            x -> {
              Array one = Ops.constant(DType.F32, 1);
              return repeat(
                  x, outer -> repeat(outer, inner -> inner.mul(one.broadcastTo(inner.shape()))));
            });
    Graph sunk = PassVerifier.verify(new SinkConstants(), graph);
    Graph simplified = new EliminateDead().run(new SimplifyAlgebra().run(sunk));
    Graph outer = scanOf(simplified).regions().getFirst();
    assertThat(scanOf(outer).regions().getFirst().equations()).isEmpty();
  }

  private static Array repeat(Array x, UnaryOperator<Array> body) {
    return Control.scan(
            3,
            false,
            List.of(x),
            List.of(),
            (carry, _) -> new Control.ScanResult(List.of(body.apply(carry.getFirst())), List.of()))
        .carry()
        .getFirst();
  }

  @Test
  void whatDependsOnConstsAloneIsHoisted() {
    Graph graph =
        Traced.ofList(
            List.of(Traced.F32, Traced.F32),
            args -> List.of(repeat(args.get(0), x -> x.add(args.get(1).exp().mul(2)))));
    Graph folded = new FoldConstants().run(graph);
    Graph hoisted = new EliminateDead().run(PassVerifier.verify(new HoistInvariants(), folded));
    assertThat(GraphListing.ops(hoisted)).startsWith("exponential").endsWith("scan");
    assertThat(GraphListing.ops(scanOf(hoisted).regions().getFirst())).containsExactly("add");
  }

  @Test
  void broadcastsAndWhatStandsBehindABarrierAreNotHoisted() {
    Shape big = Shape.of(4, 2, 3);
    Graph graph =
        Traced.ofList(
            List.of(XS, Traced.F32),
            args ->
                List.of(
                    repeat(
                        args.get(0),
                        x ->
                            x.add(args.get(1).broadcastTo(big))
                                .add(
                                    Ops.optimizationBarrier(List.of(args.get(1)))
                                        .getFirst()
                                        .exp()
                                        .broadcastTo(big)))));
    assertThat(new HoistInvariants().run(graph)).isSameAs(graph);
  }
}
