package jaxon.autodiff;

import static jaxon.testing.Literals.index;
import static jaxon.testing.Literals.scalar;
import static jaxon.testing.Literals.uniform;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.op.ControlOp;
import jaxon.graph.op.UnaryOp;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Control;
import jaxon.graph.trace.Control.ScanResult;
import jaxon.graph.trace.Ops;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.Shape;
import jaxon.testing.GradCheck;
import jaxon.testing.LiveEquations;
import jaxon.testing.Traced;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScanVjpTest {
  private final SplittableRandom random = new SplittableRandom(1);

  private Literal tensor(long... dims) {
    return uniform(random, -1, 1, dims);
  }

  /// A recurrent cell: const weights, a carried state, scanned inputs, stacked outputs.
  private static ScanResult recurrence(List<Array> args, boolean reverse) {
    Array w = args.get(0);
    return Control.scan(
        args.get(2).dim(0),
        reverse,
        List.of(args.get(1)),
        List.of(args.get(2)),
        (carry, x) -> {
          Array h = Ops.dot(carry.getFirst(), w).add(x.getFirst()).tanh();
          return new ScanResult(List.of(h), List.of(h.mul(x.getFirst())));
        });
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void constsCarriesAndSlices(boolean reverse) {
    GradCheck.checkTwice(
        List.of(tensor(2, 2), tensor(2), tensor(3, 2)),
        args -> {
          ScanResult result = recurrence(args, reverse);
          return List.of(result.carry().getFirst(), result.ys().getFirst());
        });
  }

  @Test
  void onlyTheLastCarryOrOnlyTheOutputsMatter() {
    List<Literal> inputs = List.of(tensor(2, 2), tensor(2), tensor(3, 2));
    GradCheck.check(inputs, args -> recurrence(args, false).carry());
    GradCheck.check(inputs, args -> recurrence(args, true).ys());
  }

  /// The usual loop counter, which also picks a slice.
  @Test
  void anIntegerCarryIsInactive() {
    GradCheck.checkTwice(
        List.of(tensor(4), scalar(0.5), index(0)),
        args -> {
          ScanResult result =
              Control.scan(
                  4,
                  false,
                  List.of(args.get(2), args.get(1)),
                  List.of(),
                  (carry, _) -> {
                    Array i = carry.get(0);
                    Array w = Ops.dynamicSlice(args.get(0), List.of(i), Shape.of(1)).reshape();
                    Array h = carry.get(1).mul(w).add(w.sin());
                    return new ScanResult(List.of(i.add(1), h), List.of(i, h));
                  });
          return List.of(result.carry().get(1), result.ys().get(1), result.ys().get(0));
        });
  }

  /// The initial value has no derivative, but what the loop makes of it has.
  @Test
  void aCarryThatIsConstantAtFirst() {
    GradCheck.checkTwice(
        List.of(tensor(3)),
        args -> {
          Array zero = Ops.constant(DType.F64, 0);
          ScanResult result =
              Control.scan(
                  3,
                  false,
                  List.of(zero, zero, zero),
                  List.of(args.getFirst()),
                  (carry, x) ->
                      new ScanResult(
                          List.of(
                              x.getFirst(),
                              carry.get(0).mul(x.getFirst()).add(carry.get(1)),
                              carry.get(2).add(1.0)),
                          List.of(carry.get(1))));
          return List.of(result.carry().get(1), result.ys().getFirst(), result.carry().get(2));
        });
  }

  @Test
  void aCarryThatTheBodyDrops() {
    GradCheck.check(
        List.of(scalar(0.7)),
        args -> {
          ScanResult result =
              Control.scan(
                  3,
                  false,
                  List.of(args.getFirst()),
                  List.of(),
                  (carry, _) ->
                      new ScanResult(
                          List.of(Ops.constant(DType.F64, 2)), List.of(carry.getFirst().square())));
          return List.of(result.carry().getFirst(), result.ys().getFirst());
        });
  }

  @Test
  void carriesThatExchangePlaces() {
    GradCheck.checkTwice(
        List.of(scalar(0.7), scalar(-0.3), tensor(3)),
        args ->
            Control.scan(
                    3,
                    true,
                    args.subList(0, 2),
                    args.subList(2, 3),
                    (carry, x) ->
                        new ScanResult(
                            List.of(carry.get(1), carry.get(0).mul(x.getFirst())), List.of()))
                .carry());
  }

  @Test
  void zeroSteps() {
    GradCheck.check(
        List.of(tensor(2, 2), tensor(2), Literal.ofDoubles(new double[0], 0, 2)),
        args -> {
          ScanResult result = recurrence(args, false);
          return List.of(result.carry().getFirst(), result.ys().getFirst());
        });
  }

  @Test
  void scanInScan() {
    GradCheck.checkTwice(
        List.of(tensor(2, 3), scalar(0.4), scalar(0.9)),
        args -> {
          ScanResult outer =
              Control.scan(
                  2,
                  false,
                  List.of(args.get(1)),
                  List.of(args.get(0)),
                  (carry, row) -> {
                    ScanResult inner =
                        Control.scan(
                            3,
                            true,
                            carry,
                            row,
                            (h, x) -> {
                              Array next = h.getFirst().mul(args.get(2)).add(x.getFirst()).sin();
                              return new ScanResult(List.of(next), List.of(next.square()));
                            });
                    return new ScanResult(inner.carry(), List.of(inner.ys().getFirst().sum()));
                  });
          return List.of(outer.carry().getFirst(), outer.ys().getFirst());
        });
  }

  @Test
  void aSliceThatIsPassedOnAndAConstThatIsStacked() {
    GradCheck.checkTwice(
        List.of(tensor(2), tensor(3, 2)),
        args ->
            Control.scan(
                    3,
                    false,
                    List.of(),
                    args.subList(1, 2),
                    (_, x) -> new ScanResult(List.of(), List.of(x.getFirst(), args.getFirst())))
                .ys());
  }

  /// Consts and scanned slices are read again by the backward scan, not stacked a second time.
  @Test
  void onlyWhatTheBackwardStepReadsIsStacked() {
    List<Literal> inputs = List.of(tensor(2, 2), tensor(2), tensor(3, 2));
    Graph graph = Traced.graph(inputs, GradCheck.gradient(args -> recurrence(args, false).carry()));
    Equation forward =
        graph.equations().stream()
            .filter(equation -> equation.op() instanceof ControlOp.Scan)
            .findFirst()
            .orElseThrow();
    // Carry and y, then the residuals: the carry of each step and its tanh.
    assertThat(forward.outputs()).hasSize(2 + 2);
    assertThat(LiveEquations.count(graph, op -> op == UnaryOp.TANH)).isEqualTo(1);
  }
}
