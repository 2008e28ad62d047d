package jaxon.graph.interpret;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import jaxon.graph.op.RematPolicy;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Control;
import jaxon.graph.trace.Control.ScanResult;
import jaxon.graph.trace.Ops;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;
import jaxon.testing.Literals;
import jaxon.testing.Traced;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ControlFlowTest {
  @Test
  void whileRunsUntilTheConditionFails() {
    UnaryOperator<List<Array>> halvings =
        args ->
            Control.whileLoop(
                List.of(args.get(0), Ops.constant(DType.I32, 0)),
                carry -> carry.get(0).gt(Ops.constant(DType.F32, 1)),
                carry -> List.of(carry.get(0).mul(0.5), carry.get(1).add(1)));
    List<Literal> results = Traced.run(halvings, Literals.scalar(DType.F32, 40));
    assertThat(results.get(0).get(0)).isEqualTo(0.625);
    assertThat(results.get(1).getLong(0)).isEqualTo(6);
    List<Literal> none = Traced.run(halvings, Literals.scalar(DType.F32, 1));
    assertThat(none.get(1).getLong(0)).as("the condition comes first").isZero();
  }

  @ParameterizedTest
  @CsvSource({"0, 11", "1, 20", "2, 9", "3, 9", "-1, 9"})
  void caseRunsOneBranchTheLastWhenOutOfRange(int index, double expected) {
    Literal result =
        Traced.one(
            args ->
                Control.switchCase(
                        args.get(0),
                        List.of(args.get(1)),
                        List.of(
                            x -> List.of(x.getFirst().add(1)),
                            x -> List.of(x.getFirst().mul(2)),
                            x -> List.of(x.getFirst().sub(1))))
                    .getFirst(),
            Literals.scalar(DType.I32, index),
            Literals.scalar(DType.F32, 10));
    assertThat(result.get(0)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void scanIsAJavaLoop(boolean reverse) {
    int n = 5;
    Literal xs = Literals.counting(DType.F64, n, 2);
    List<Literal> results =
        Traced.run(
            args -> {
              Array scale = Ops.constant(DType.F64, 0.5);
              ScanResult scan =
                  Control.scan(
                      n,
                      reverse,
                      List.of(args.get(1)),
                      List.of(args.get(0)),
                      (carry, x) -> {
                        Array next = carry.getFirst().mul(scale).add(x.getFirst());
                        return new ScanResult(List.of(next), List.of(next.sum(), x.getFirst()));
                      });
              return List.of(scan.carry().get(0), scan.ys().get(0), scan.ys().get(1));
            },
            xs,
            Literals.floats(DType.F64, 1, -1));

    double[] carry = {1, -1};
    double[] sums = new double[n];
    for (int step = 0; step < n; step++) {
      int at = reverse ? n - 1 - step : step;
      carry[0] = carry[0] * 0.5 + xs.get(2L * at);
      carry[1] = carry[1] * 0.5 + xs.get(2L * at + 1);
      sums[at] = carry[0] + carry[1];
    }
    assertThat(results.get(0).toDoubles()).containsExactly(carry);
    assertThat(results.get(1).toDoubles()).containsExactly(sums);
    assertThat(results.get(2)).isEqualTo(xs);
  }

  @Test
  void aScanOfLengthZeroGivesTheInitialCarry() {
    List<Literal> results =
        Traced.run(
            args -> {
              ScanResult scan =
                  Control.scan(
                      0,
                      false,
                      args,
                      List.of(),
                      (carry, _) -> new ScanResult(carry, List.of(carry.getFirst().exp())));
              return List.of(scan.carry().getFirst(), scan.ys().getFirst());
            },
            Literals.scalar(DType.F32, 3));
    assertThat(results.get(0).get(0)).isEqualTo(3);
    assertThat(results.get(1).type()).isEqualTo(TensorType.of(DType.F32, 0));
  }

  @Test
  void compositeRunsItsDecompositionAndRematItsRegion() {
    Literal x = Literals.floats(DType.F32, 1, 2);
    Literal composite =
        Traced.one(
            args ->
                Control.composite(
                        "test.double", Map.of(), args, a -> List.of(a.getFirst().add(a.getFirst())))
                    .getFirst(),
            x);
    assertThat(composite.toDoubles()).containsExactly(2, 4);
    Literal remat =
        Traced.one(
            args ->
                Control.remat(RematPolicy.FULL, args, a -> List.of(a.getFirst().square()))
                    .getFirst(),
            x);
    assertThat(remat.toDoubles()).containsExactly(1, 4);
  }

  @Test
  void customVjpRunsItsPrimalFunction() {
    Literal result =
        Traced.one(
            args ->
                Control.customVjp(
                        "test.identity",
                        args,
                        x -> List.of(x.getFirst().add(1)),
                        x -> List.of(x.getFirst().mul(0), x.getFirst()),
                        x -> List.of(x.getFirst()))
                    .getFirst(),
            Literals.scalar(DType.F32, 4));
    assertThat(result.get(0)).isEqualTo(5);
  }
}
