package jaxon.autodiff;

import static jaxon.testing.Literals.index;
import static jaxon.testing.Literals.ints;
import static jaxon.testing.Literals.uniform;

import java.util.List;
import java.util.SplittableRandom;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Control;
import jaxon.graph.trace.Ops;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;
import jaxon.testing.GradCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CaseVjpTest {
  private final SplittableRandom random = new SplittableRandom(1);
  private final Literal x = uniform(random, 0.5, 2, 3);
  private final Literal y = uniform(random, 0.5, 2, 3);

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 1, 2, 7})
  void theBranchTakenGivesTheDerivative(int branch) {
    GradCheck.checkTwice(
        List.of(index(branch), x, y),
        args ->
            Control.switchCase(
                args.getFirst(),
                args.subList(1, 3),
                List.of(
                    a -> List.of(a.get(0).mul(a.get(1))),
                    a -> List.of(a.get(0).sin()),
                    _ -> List.of(Ops.full(args.get(1).type(), 5)))));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void condWithCapturesAndIntegerOperandsAndResults(boolean taken) {
    GradCheck.checkTwice(
        List.of(x, y, ints(1, 2, 3)),
        args -> {
          Array predicate = Ops.constant(Literal.splat(TensorType.of(DType.I1), taken ? 1 : 0));
          return Control.cond(
              predicate,
              List.of(args.get(0), args.get(2)),
              a -> List.of(a.get(1), a.get(0).mul(args.get(1)).exp()),
              a -> List.of(a.get(1).add(1), a.get(1).astype(DType.F64).mul(a.get(0))));
        });
  }

  @Test
  void condInScan() {
    GradCheck.checkTwice(
        List.of(x, ints(0, 1, 0)),
        args ->
            Control.scan(
                    3,
                    false,
                    List.of(Ops.constant(DType.F64, 1)),
                    args,
                    (carry, slices) -> {
                      List<Array> next =
                          Control.switchCase(
                              slices.get(1),
                              List.of(carry.getFirst(), slices.get(0)),
                              List.of(
                                  a -> List.of(a.get(0).mul(a.get(1))),
                                  a -> List.of(a.get(0).add(a.get(1).square()))));
                      return new Control.ScanResult(next, next);
                    })
                .ys());
  }
}
