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
import jaxon.graph.op.BinaryOp;
import jaxon.graph.op.ElementwiseOp;
import jaxon.graph.op.ElementwiseOp.Direction;
import jaxon.graph.op.UnaryOp;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Ops;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.testing.GradCheck;
import jaxon.testing.Traced;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ElementwiseVjpTest {
  private final SplittableRandom random = new SplittableRandom(1);

  @ParameterizedTest
  @EnumSource(
      value = UnaryOp.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"IS_FINITE", "NOT"})
  void unary(UnaryOp op) {
    Literal x =
        switch (op) {
          case LOG, SQRT, RSQRT -> uniform(random, 0.5, 3, 2, 3);
          case LOG_PLUS_ONE -> uniform(random, -0.4, 3, 2, 3);
          case CEIL, FLOOR, ROUND_NEAREST_EVEN -> doubles(0.3, -0.3, 1.7, -2.2);
          case ABS, SIGN -> awayFromZero(random, 0.2, 3, 2, 3);
          default -> uniform(random, -2, 2, 2, 1, 3);
        };
    GradCheck.checkTwice(List.of(x), args -> List.of(emit(op, args.getFirst())));
  }

  @ParameterizedTest
  @EnumSource(
      value = BinaryOp.class,
      names = {"ADD", "SUBTRACT", "MULTIPLY", "DIVIDE", "MAXIMUM", "MINIMUM", "REMAINDER"})
  void binary(BinaryOp op) {
    // Quotients stay away from whole numbers, where a remainder jumps.
    Literal x = op == BinaryOp.REMAINDER ? doubles(5.5, -5.5, 1, -7) : distinct(random, 4);
    Literal y = op == BinaryOp.REMAINDER ? doubles(2, 2, 3, -3) : doubles(1.21, -1.52, 2.03, -0.94);
    GradCheck.checkTwice(List.of(x, y), args -> List.of(emit(op, args.get(0), args.get(1))));
  }

  @Test
  void oneValueAsBothOperands() {
    Literal x = awayFromZero(random, 0.5, 2, 3);
    GradCheck.checkTwice(List.of(x), args -> List.of(args.getFirst().square(), div(args)));
  }

  private static Array div(List<Array> args) {
    return args.getFirst().div(args.getFirst().exp());
  }

  @Test
  void power() {
    Literal x = uniform(random, 0.5, 2, 5);
    Literal y = uniform(random, -2, 3, 5);
    GradCheck.checkTwice(
        List.of(x, y), args -> List.of(args.getFirst().pow(args.get(1)), args.getFirst().pow(3.0)));
  }

  @Test
  void powerOfANegativeBaseToAWholeExponent() {
    GradCheck.checkTwice(
        List.of(doubles(-1.5, -0.5, 0.5)), args -> List.of(args.getFirst().pow(3.0)));
  }

  /// 0^0 = 1 and 0^1 = 0 have slopes 0 and 1 in the base; in the exponent 0^y is flat.
  @Test
  void powerAtZero() {
    List<Literal> inputs = List.of(doubles(0, 0, 0), doubles(0, 1, 2));
    List<Literal> slopes =
        Traced.run(inputs, args -> gradOfSum(args, a -> List.of(a.getFirst().pow(a.get(1)))));
    assertThat(slopes.get(0).toDoubles()).containsExactly(0, 1, 0);
    assertThat(slopes.get(1).toDoubles()).containsExactly(0, 0, 0);
  }

  @Test
  void tiesOfMaximumAndMinimumShare() {
    List<Literal> inputs = List.of(doubles(1, 2, 3), doubles(3, 2, 1));
    List<Literal> max =
        Traced.run(inputs, args -> gradOfSum(args, a -> List.of(a.getFirst().max(a.get(1)))));
    assertThat(max.get(0).toDoubles()).containsExactly(0, 0.5, 1);
    assertThat(max.get(1).toDoubles()).containsExactly(1, 0.5, 0);
    List<Literal> min =
        Traced.run(inputs, args -> gradOfSum(args, a -> List.of(a.getFirst().min(a.get(1)))));
    assertThat(min.get(0).toDoubles()).containsExactly(1, 0.5, 0);
    assertThat(min.get(1).toDoubles()).containsExactly(0, 0.5, 1);
  }

  @Test
  void absAtZeroIsFlat() {
    List<Literal> slopes =
        Traced.run(
            List.of(doubles(-2, 0, 2)), args -> gradOfSum(args, a -> List.of(a.getFirst().abs())));
    assertThat(slopes.getFirst().toDoubles()).containsExactly(-1, 0, 1);
  }

  @Test
  void select() {
    Literal x = distinct(random, 3, 4);
    Literal y = distinct(random, 3, 4);
    GradCheck.checkTwice(
        List.of(x, y),
        args -> {
          Array positive = args.getFirst().gt(Ops.constant(DType.F64, 0));
          return List.of(positive.select(args.getFirst().square(), args.get(1).sin()));
        });
  }

  /// The usual guard: the branch not taken must not poison the gradient.
  @Test
  void selectStopsZeroTimesInfinityOnlyWhereTheOperandIsGuarded() {
    List<Literal> slopes =
        Traced.run(
            List.of(doubles(0, 4)),
            args ->
                gradOfSum(
                    args,
                    a -> {
                      Array x = a.getFirst();
                      Array isZero = x.eq(Ops.constant(DType.F64, 0));
                      Array safe = isZero.select(Ops.constant(DType.F64, 1), x);
                      return List.of(isZero.select(x, safe.sqrt()));
                    }));
    assertThat(slopes.getFirst().toDoubles()).containsExactly(1, 0.25);
  }

  @Test
  void clampInsideBelowAndAbove() {
    Literal low = doubles(0, 0, 0, 2);
    Literal x = doubles(-1, 0.5, 3, 3);
    Literal high = doubles(1, 1, 1, 1);
    GradCheck.check(
        List.of(low, x, high), args -> List.of(Ops.clamp(args.get(0), args.get(1), args.get(2))));
  }

  @Test
  void clampGivesTheWholeCotangentToOneOperandAtATie() {
    List<Literal> inputs = List.of(doubles(0, 0), doubles(0, 1), doubles(1, 1));
    List<Literal> slopes =
        Traced.run(
            inputs, args -> gradOfSum(args, a -> List.of(Ops.clamp(a.get(0), a.get(1), a.get(2)))));
    for (int i = 0; i < 2; i++) {
      assertThat(slopes.get(0).get(i) + slopes.get(1).get(i) + slopes.get(2).get(i)).isEqualTo(1);
    }
  }

  @Test
  void scalarOperandsGetTheSum() {
    GradCheck.checkTwice(
        List.of(uniform(random, 1, 2, 2, 3), uniform(random, 1, 2), uniform(random, 1, 2, 2, 1)),
        args -> List.of(args.get(0).mul(args.get(1)).div(args.get(2)).sub(args.get(1))));
  }

  @Test
  void convertRoundsTheCotangentToTheOperandsType() {
    List<Literal> slopes =
        Traced.run(
            List.of(doubles(1.5, -2)),
            args ->
                gradOfSum(
                    args, a -> List.of(a.getFirst().astype(DType.F32).square().astype(DType.F64))));
    assertThat(slopes.getFirst().type().dtype()).isEqualTo(DType.F64);
    assertThat(slopes.getFirst().toDoubles()).containsExactly(3, -4);
  }

  @Test
  void throughIntegersComparisonsAndBitsThereIsNoSlope() {
    GradCheck.check(
        List.of(doubles(1.2, -2.7)),
        args -> {
          Array x = args.getFirst();
          Array whole = x.astype(DType.I32).astype(DType.F64);
          Array sameBits = x.bitcast(DType.I64).bitcast(DType.F64).stopGradient();
          Array positive = x.gt(Ops.constant(DType.F64, 0)).astype(DType.F64);
          return List.of(whole.add(positive), sameBits.sub(sameBits), x.isFinite());
        });
  }

  @ParameterizedTest
  @EnumSource(Direction.class)
  void comparisonsChooseButHaveNoSlope(Direction direction) {
    GradCheck.check(
        List.of(distinct(random, 4), distinct(random, 4)),
        args -> {
          Array chosen = emit(new ElementwiseOp.Compare(direction), args.get(0), args.get(1));
          return List.of(chosen.select(args.get(0).square(), args.get(1)));
        });
  }

  private static List<Array> gradOfSum(List<Array> args, UnaryOperator<List<Array>> function) {
    return Grad.valueAndGrad(
            args, p -> new Grad.Objective<>(function.apply(p).getFirst().sum(), List.of()))
        .grad();
  }
}
