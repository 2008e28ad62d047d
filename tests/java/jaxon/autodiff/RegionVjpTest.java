package jaxon.autodiff;

import static jaxon.testing.Literals.doubles;
import static jaxon.testing.Literals.ints;
import static jaxon.testing.Literals.uniform;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import jaxon.graph.Graph;
import jaxon.graph.op.AnnotationOp;
import jaxon.graph.op.ControlOp;
import jaxon.graph.op.LogicalAxes;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Control;
import jaxon.graph.trace.Ops;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.testing.GradCheck;
import jaxon.testing.LiveEquations;
import jaxon.testing.Traced;
import org.junit.jupiter.api.Test;

/// Composites, custom derivatives and annotations.
class RegionVjpTest {
  private final Literal x = uniform(new SplittableRandom(1), 0.5, 2, 3);

  @Test
  void aCompositeHasTheDerivativeOfItsDecomposition() {
    GradCheck.checkTwice(
        List.of(x, ints(1, 2, 3)),
        args ->
            Control.composite(
                "test.scaled",
                Map.of(),
                args,
                a -> List.of(a.get(0).exp().mul(a.get(1).astype(DType.F64)), a.get(1))));
  }

  @Test
  void theForwardPassStillRunsTheCompositeWhole() {
    Graph graph =
        Traced.graph(
            List.of(x),
            args -> {
              Grad.ValueAndGrad<List<Array>, List<Array>> result =
                  Grad.valueAndGrad(
                      args,
                      p ->
                          new Grad.Objective<>(
                              Control.composite(
                                      "test.exp", Map.of(), p, a -> List.of(a.getFirst().exp()))
                                  .getFirst()
                                  .sum(),
                              List.of()));
              return List.of(result.loss(), result.grad().getFirst());
            });
    assertThat(LiveEquations.count(graph, op -> op instanceof ControlOp.Composite)).isEqualTo(1);
  }

  private static List<Array> custom(
      List<Array> args, UnaryOperator<List<Array>> primal, UnaryOperator<List<Array>> backward) {
    return Control.customVjp(
        "test.custom",
        args,
        primal,
        a -> List.of(primal.apply(a).getFirst(), a.getFirst()),
        backward);
  }

  @Test
  void aRightCustomDerivativeAgrees() {
    GradCheck.checkTwice(
        List.of(x),
        args ->
            custom(
                args,
                a -> List.of(a.getFirst().square().sin()),
                r -> List.of(r.get(0).square().cos().mul(r.get(0)).mul(2.0).mul(r.get(1)))));
  }

  /// The given derivative is used even where it is not the true one.
  @Test
  void theGivenDerivativeIsTaken() {
    assertThat(
            slopes(p ->
                custom(p, a -> List.of(a.getFirst().square()), r -> List.of(r.get(1).mul(100.0)))))
        .containsExactly(100, 100, 100);
  }

  @Test
  void aStraightThroughRoundPassesTheCotangent() {
    assertThat(slopes(p -> custom(p, a -> List.of(a.getFirst().round()), r -> List.of(r.get(1)))))
        .containsExactly(1, 1, 1);
  }

  /// The primal function goes through a comparison or is stopped, so that it has no derivative of
  /// its own: what the caller gives counts all the same.
  @Test
  void aPrimalWithoutADerivativeStillHasTheGivenOne() {
    assertThat(
            slopes(p ->
                custom(
                    p,
                    a -> List.of(a.getFirst().gt(Ops.constant(DType.F64, 1)).astype(DType.F64)),
                    r -> List.of(r.get(1).mul(r.get(0))))))
        .containsExactly(x.toDoubles());
    assertThat(
            slopes(
                p -> custom(p, a -> List.of(a.getFirst().stopGradient()), r -> List.of(r.get(1)))))
        .containsExactly(1, 1, 1);
  }

  @Test
  void aCustomDerivativeWithAnIntegerOperand() {
    GradCheck.check(
        List.of(x, ints(2, 0, 1)),
        args ->
            Control.customVjp(
                "test.pick",
                args,
                a -> List.of(Ops.take(a.get(0), a.get(1)).square()),
                a -> List.of(Ops.take(a.get(0), a.get(1)).square(), a.get(0), a.get(1)),
                r -> {
                  Array picked = Ops.take(r.get(0), r.get(1)).mul(r.get(2)).mul(2.0);
                  // The picks are the cycle (2 0 1), so its inverse is (1 2 0).
                  return List.of(
                      Ops.take(picked, Ops.constant(ints(1, 2, 0))), Ops.zeros(r.get(1).type()));
                }));
  }

  @Test
  void stopGradientGivesZero() {
    assertThat(slopes(p -> List.of(p.getFirst().mul(p.getFirst().stopGradient()))))
        .containsExactly(x.toDoubles());
    assertThat(slopes(p -> List.of(p.getFirst().stopGradient()))).containsOnly(0);
  }

  @Test
  void annotationsPassTheCotangent() {
    GradCheck.checkTwice(
        List.of(x),
        args -> {
          Array named = args.getFirst().named("a").constrain(LogicalAxes.of("embed"));
          List<Array> fenced = Ops.optimizationBarrier(List.of(named, named.exp()));
          return List.of(fenced.get(0).mul(fenced.get(1)));
        });
  }

  @Test
  void theCotangentOfAConstrainedValueIsConstrainedToo() {
    Graph graph =
        Traced.graph(
            List.of(x),
            GradCheck.gradient(
                a -> List.of(a.getFirst().constrain(LogicalAxes.of("embed")).exp())));
    assertThat(LiveEquations.count(graph, op -> op instanceof AnnotationOp.ShardingConstraint))
        .isEqualTo(2);
  }

  @Test
  void aBarrierOfWhichOnlyOneResultIsUsed() {
    GradCheck.check(
        List.of(x, doubles(1, 2, 3)), args -> List.of(Ops.optimizationBarrier(args).get(1).exp()));
  }

  private double[] slopes(UnaryOperator<List<Array>> function) {
    return Traced.run(
            List.of(x),
            args ->
                Grad.valueAndGrad(
                        args,
                        p -> new Grad.Objective<>(function.apply(p).getFirst().sum(), List.of()))
                    .grad())
        .getFirst()
        .toDoubles();
  }
}
