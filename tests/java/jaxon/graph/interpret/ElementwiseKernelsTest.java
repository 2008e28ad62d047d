package jaxon.graph.interpret;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import jaxon.graph.op.ElementwiseOp;
import jaxon.graph.op.ElementwiseOp.Direction;
import jaxon.graph.op.Op;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.testing.Literals;
import org.junit.jupiter.api.Test;

class ElementwiseKernelsTest {
  private static final double NAN = Double.NaN;

  private static Literal apply(Op op, Literal... operands) {
    return Interpreter.apply(op, List.of(), List.of(operands)).getFirst();
  }

  private static long[] compare(Direction direction, Literal x, Literal y) {
    return Literals.longsOf(apply(new ElementwiseOp.Compare(direction), x, y));
  }

  @Test
  void comparisonsWithNanAreFalseButForNe() {
    Literal x = Literals.floats(DType.F32, NAN, 1, NAN);
    Literal y = Literals.floats(DType.F32, 1, NAN, NAN);
    for (Direction direction : Direction.values()) {
      long expected = direction == Direction.NE ? 1 : 0;
      assertThat(compare(direction, x, y)).as(direction.name()).containsOnly(expected);
    }
  }

  @Test
  void floatsCompareByValue() {
    Literal x = Literals.floats(DType.F32, -0.0, 1, 2);
    Literal y = Literals.floats(DType.F32, 0.0, 2, 1);
    assertThat(compare(Direction.EQ, x, y)).containsExactly(1, 0, 0);
    assertThat(compare(Direction.LT, x, y)).containsExactly(0, 1, 0);
    assertThat(compare(Direction.LE, x, y)).containsExactly(1, 1, 0);
    assertThat(compare(Direction.GT, x, y)).containsExactly(0, 0, 1);
    assertThat(compare(Direction.GE, x, y)).containsExactly(1, 0, 1);
  }

  @Test
  void unsignedIntegersCompareAsUnsigned() {
    assertThat(compare(Direction.GT, Literals.longs(DType.UI64, -1), Literals.longs(DType.UI64, 1)))
        .containsExactly(1);
    assertThat(compare(Direction.GT, Literals.longs(DType.I64, -1), Literals.longs(DType.I64, 1)))
        .containsExactly(0);
    assertThat(compare(Direction.LT, Literals.longs(DType.I1, 0), Literals.longs(DType.I1, 1)))
        .containsExactly(1);
  }

  @Test
  void select() {
    Literal result =
        apply(
            new ElementwiseOp.Select(),
            Literals.longs(DType.I1, 1, 0, 1),
            Literals.floats(DType.F32, 1, 2, NAN),
            Literals.floats(DType.F32, NAN, 5, 6));
    assertThat(result.toDoubles()).containsExactly(1, 5, NAN);
  }

  @Test
  void clampIsMinimumOfMaximum() {
    Literal low = Literals.floats(DType.F32, 0, 0, 0, 5, NAN);
    Literal x = Literals.floats(DType.F32, -1, 0.5, NAN, 1, 1);
    Literal high = Literals.floats(DType.F32, 1, 1, 1, 2, 2);
    assertThat(apply(new ElementwiseOp.Clamp(), low, x, high).toDoubles())
        .containsExactly(0, 0.5, NAN, 2, NAN);
  }

  @Test
  void clampOfIntegers() {
    Literal result =
        apply(
            new ElementwiseOp.Clamp(),
            Literals.longs(DType.UI64, 2, 2, 9),
            Literals.longs(DType.UI64, 1, -1, 1),
            Literals.longs(DType.UI64, 7, 7, 4));
    assertThat(Literals.longsOf(result)).containsExactly(2, 7, 4);
  }
}
