package jaxon.autodiff;

import static jaxon.testing.Literals.awayFromZero;
import static jaxon.testing.Literals.distinct;
import static jaxon.testing.Literals.doubles;
import static jaxon.testing.Literals.uniform;
import static jaxon.testing.Traced.emit;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import jaxon.graph.op.ReduceOp;
import jaxon.graph.op.ReduceOp.Kind;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Ops;
import jaxon.graph.type.Literal;
import jaxon.testing.GradCheck;
import jaxon.testing.Traced;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReduceVjpTest {
  private final SplittableRandom random = new SplittableRandom(1);

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"SUM", "PRODUCT", "MAX", "MIN"})
  void overAnyDims(Kind kind) {
    for (List<Integer> dims :
        List.of(List.of(0), List.of(1), List.of(0, 2), List.of(0, 1, 2), List.<Integer>of())) {
      Literal x =
          kind == Kind.PRODUCT ? awayFromZero(random, 0.5, 2, 2, 1, 3) : distinct(random, 2, 1, 3);
      GradCheck.checkTwice(
          List.of(x),
          args -> List.of(emit(new ReduceOp.Reduce(kind, dims), args.getFirst()).square()));
    }
  }

  @Test
  void emptyDims() {
    Literal none = Literal.ofDoubles(new double[0], 2, 0);
    GradCheck.check(
        List.of(none), args -> List.of(args.getFirst().sum(1), args.getFirst().prod(1)));
  }

  @Test
  void meanAndLogSumExpOfLargeValues() {
    GradCheck.checkTwice(
        List.of(uniform(random, -1, 1, 2, 4)),
        args -> {
          Array large = args.getFirst().add(1000.0);
          return List.of(args.getFirst().mean(1), Ops.logSumExp(large).sub(1000.0));
        });
  }

  @Test
  void tiesOfMaxAndMinShare() {
    assertThat(slopes(x -> x.maxOver(), 3, 1, 3, 2)).containsExactly(0.5, 0, 0.5, 0);
    assertThat(slopes(x -> x.minOver(), 1, 1, 3, 1)).containsExactly(1.0 / 3, 1.0 / 3, 0, 1.0 / 3);
  }

  /// d(abc)/da = bc, whatever is zero.
  @Test
  void productsWithZeros() {
    assertThat(slopes(x -> x.prod(), 2, 0, 5)).containsExactly(0, 10, 0);
    assertThat(slopes(x -> x.prod(), 0, 0, 5)).containsExactly(0, 0, 0);
    assertThat(slopes(x -> x.prod(), 0)).containsExactly(1);
    assertThat(slopes(x -> x.prod(), 2, 3, 5)).containsExactly(15, 10, 6);
  }

  @Test
  void secondDerivativesOfProductsWithZeros() {
    GradCheck.checkTwice(List.of(doubles(2, 0, 5)), args -> List.of(args.getFirst().prod()));
    GradCheck.checkTwice(List.of(doubles(0, 0, 5)), args -> List.of(args.getFirst().prod()));
  }

  private static double[] slopes(UnaryOperator<Array> function, double... values) {
    return Traced.run(
            List.of(doubles(values)),
            args ->
                Grad.valueAndGrad(
                        args, p -> new Grad.Objective<>(function.apply(p.getFirst()), List.of()))
                    .grad())
        .getFirst()
        .toDoubles();
  }
}
