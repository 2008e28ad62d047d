package jaxon.autodiff;

import static jaxon.testing.Literals.doubles;
import static jaxon.testing.Literals.ints;
import static jaxon.testing.Literals.scalar;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import jaxon.graph.op.RematPolicy;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Control;
import jaxon.graph.trace.Ops;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.ShapeException;
import jaxon.testing.GradCheck;
import jaxon.testing.Loops;
import jaxon.testing.Traced;
import org.junit.jupiter.api.Test;

class GradTest {
  /// A model of two parameters and a static part.
  private record Line(Array slope, Array offset, String name) {}

  private static Grad.ValueAndGrad<List<Array>, List<Array>> sumOf(
      List<Array> args, UnaryOperator<List<Array>> function) {
    return Grad.valueAndGrad(
        args, p -> new Grad.Objective<>(function.apply(p).getFirst().sum(), List.of()));
  }

  @Test
  void theGradientHasTheStructureOfTheParameters() {
    List<Literal> results =
        Traced.run(
            List.of(scalar(3), scalar(4), doubles(1, 2)),
            args -> {
              Line line = new Line(args.get(0), args.get(1), "line");
              Grad.ValueAndGrad<Line, Map<String, String>> result =
                  Grad.valueAndGrad(
                      line,
                      p ->
                          new Grad.Objective<>(
                              p.slope().mul(args.get(2)).add(p.offset()).sum(), Map.of()));
              assertThat(result.grad().name()).isEqualTo("line");
              return List.of(result.loss(), result.grad().slope(), result.grad().offset());
            });
    assertThat(results.stream().map(r -> r.get(0))).containsExactly(17.0, 3.0, 2.0);
  }

  @Test
  void whatIsKeptBesideTheLossHasNoPartInTheGradient() {
    List<Literal> results =
        Traced.run(
            List.of(scalar(3)),
            args -> {
              Grad.ValueAndGrad<List<Array>, Array> result =
                  Grad.valueAndGrad(
                      args, p -> new Grad.Objective<>(p.getFirst().square(), p.getFirst().exp()));
              return List.of(result.loss(), result.aux(), result.grad().getFirst());
            });
    assertThat(results.stream().map(r -> r.get(0))).containsExactly(9.0, Math.exp(3), 6.0);
  }

  @Test
  void unusedParametersHaveZeroGradients() {
    List<Literal> results =
        Traced.run(
            List.of(scalar(3), doubles(1, 2), doubles(3, 4)),
            args -> sumOf(args, p -> List.of(p.getFirst().add(p.get(2).sign().sum()))).grad());
    assertThat(results.get(0).get(0)).isEqualTo(1);
    assertThat(results.get(1).toDoubles()).containsExactly(0, 0);
    assertThat(results.get(2).toDoubles()).containsExactly(0, 0);
  }

  @Test
  void aLossThatIsAConstantOrAParameterItself() {
    List<Literal> results =
        Traced.run(
            List.of(scalar(3)),
            args ->
                List.of(
                    sumOf(args, _ -> List.of(Ops.constant(DType.F64, 2))).grad().getFirst(),
                    Grad.valueAndGrad(args, p -> new Grad.Objective<>(p.getFirst(), p))
                        .grad()
                        .getFirst()));
    assertThat(results.stream().map(r -> r.get(0))).containsExactly(0.0, 1.0);
  }

  @Test
  void aLossThatIsNotAScalarIsRefused() {
    assertThatThrownBy(() ->
            Traced.run(
                List.of(doubles(1, 2)),
                args ->
                    Grad.valueAndGrad(args, p -> new Grad.Objective<>(p.getFirst(), List.of()))
                        .grad()))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("f64[2]")
        .hasMessageContaining("sum or mean");
    assertThatThrownBy(() ->
            Traced.run(
                List.of(scalar(1)),
                args -> sumOf(args, p -> List.of(p.getFirst().astype(DType.I32))).grad()))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("i32[]");
  }

  @Test
  void anIntegerParameterIsRefusedByItsPath() {
    assertThatThrownBy(() ->
            Traced.run(
                List.of(scalar(1), ints(1, 2)),
                args ->
                    List.of(
                        Grad.valueAndGrad(
                                new Line(args.get(0), args.get(1), ""),
                                p -> new Grad.Objective<>(p.slope(), List.of()))
                            .loss())))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("'offset'")
        .hasMessageContaining("i32[2]");
  }

  @Test
  void aWhileLoopIsRefusedByTheUsersLine() {
    assertThatThrownBy(() ->
            Traced.run(
                List.of(scalar(1)),
                args -> sumOf(args, p -> Loops.doubleUntilLarge(p.getFirst())).grad()))
        .hasMessageContaining("Loops.java")
        .hasMessageContaining("doubleUntilLarge")
        .hasMessageContaining("scan");
  }

  @Test
  void aWhileLoopWithoutPartInTheGradientIsFine() {
    List<Literal> results =
        Traced.run(
            List.of(scalar(3)),
            args ->
                sumOf(
                        args,
                        p -> {
                          Array scale =
                              Loops.doubleUntilLarge(p.getFirst().stopGradient()).getFirst();
                          return List.of(p.getFirst().mul(scale));
                        })
                    .grad());
    assertThat(results.getFirst().get(0)).isEqualTo(192);
  }

  @Test
  void aGradientInsideAnObjective() {
    GradCheck.check(
        List.of(scalar(0.7)),
        args ->
            List.of(
                sumOf(args, p -> List.of(p.getFirst().sin().mul(p.getFirst())))
                    .grad()
                    .getFirst()
                    .exp()));
  }

  /// d³/dx³ x⁴ = 24 x.
  @Test
  void aThirdDerivative() {
    UnaryOperator<List<Array>> fourth = args -> List.of(args.getFirst().pow(4.0));
    UnaryOperator<List<Array>> third = derivative(derivative(derivative(fourth)));
    assertThat(Traced.run(List.of(scalar(2)), third).getFirst().get(0)).isEqualTo(48);
  }

  private static UnaryOperator<List<Array>> derivative(UnaryOperator<List<Array>> function) {
    return args -> sumOf(args, function).grad();
  }

  /// Everything with regions at once, twice differentiated.
  @Test
  void scanOfRematOfCondOfComposite() {
    GradCheck.checkTwice(
        List.of(doubles(0.3, -0.2, 0.9), scalar(0.5), ints(0, 1, 1)),
        args ->
            Control.scan(
                    3,
                    false,
                    List.of(args.get(1)),
                    List.of(args.get(0), args.get(2)),
                    (carry, x) -> {
                      List<Array> operands = List.of(carry.getFirst(), x.get(0));
                      List<Array> next =
                          Control.remat(RematPolicy.FULL, operands, a -> branches(x.get(1), a));
                      return new Control.ScanResult(next, next);
                    })
                .ys());
  }

  private static List<Array> branches(Array index, List<Array> operands) {
    return Control.switchCase(
        index,
        operands,
        List.of(
            a -> List.of(a.get(0).mul(a.get(1)).sin()),
            a ->
                Control.composite(
                    "test.sum", Map.of(), a, b -> List.of(b.get(0).add(b.get(1).exp())))));
  }
}
