package jaxon.runtime.pass;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import jaxon.graph.Graph;
import jaxon.graph.op.LogicalAxes;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Ops;
import jaxon.runtime.CompileOptions;
import jaxon.runtime.CompilePipeline;
import jaxon.testing.GraphListing;
import jaxon.testing.PassVerifier;
import org.junit.jupiter.api.Test;

/// What [StripAnnotations], [MergeCommon], [EliminateDead] and [DropBarriers] do around barriers.
class BarrierTest {
  /// `exp(x)` before a barrier and again behind it.
  private static Graph recomputing() {
    return Traced.of(
        Traced.F32,
        x -> {
          Array once = x.exp();
          Array again = Ops.optimizationBarrier(List.of(x)).getFirst().exp();
          return once.add(again);
        });
  }

  @Test
  void annotationsAreStrippedButBarriersStay() {
    Graph graph =
        Traced.of(
            Traced.F32,
            x ->
                Ops.optimizationBarrier(
                        List.of(
                            x.named("n").stopGradient().constrain(LogicalAxes.of("embed", "mlp"))))
                    .getFirst());
    Graph stripped = PassVerifier.verify(new StripAnnotations(), graph);
    assertThat(GraphListing.ops(stripped)).containsExactly("optimization_barrier");
  }

  @Test
  void recomputationIsNotMerged() {
    Graph graph = recomputing();
    assertThat(new MergeCommon().run(graph)).isSameAs(graph);
  }

  @Test
  void twoEqualBarriersAreNotMerged() {
    Graph graph =
        Traced.of(
            Traced.F32,
            x ->
                Ops.optimizationBarrier(List.of(x))
                    .getFirst()
                    .add(Ops.optimizationBarrier(List.of(x)).getFirst()));
    assertThat(new MergeCommon().run(graph)).isSameAs(graph);
  }

  @Test
  void unusedResultsOfABarrierAreCut() {
    Graph graph =
        Traced.of(Traced.F32, x -> Ops.optimizationBarrier(List.of(x.exp(), x.neg())).get(1));
    Graph swept = PassVerifier.verify(new EliminateDead(), graph);
    assertThat(GraphListing.ops(swept)).containsExactly("negate", "optimization_barrier");
    assertThat(swept.equations().getLast().inputs()).hasSize(1);
  }

  @Test
  void barriersAreDroppedAndRecomputationStays() {
    Graph dropped = PassVerifier.verify(new DropBarriers(), recomputing());
    assertThat(GraphListing.ops(dropped)).containsExactly("exponential", "exponential", "add");
  }

  @Test
  void pipelineForOtherCompilersKeepsBarriers() {
    Graph kept =
        CompilePipeline.keepingBarriers(_ -> false).run(recomputing(), CompileOptions.DEFAULT);
    assertThat(GraphListing.ops(kept)).contains("optimization_barrier");
    Graph standard =
        CompilePipeline.standard(_ -> false).run(recomputing(), CompileOptions.DEFAULT);
    assertThat(GraphListing.ops(standard)).doesNotContain("optimization_barrier");
  }
}
