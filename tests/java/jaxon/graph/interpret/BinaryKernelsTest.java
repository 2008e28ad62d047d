package jaxon.graph.interpret;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import jaxon.graph.op.BinaryOp;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.testing.Literals;
import org.junit.jupiter.api.Test;

class BinaryKernelsTest {
  private static final double NAN = Double.NaN;
  private static final double INF = Double.POSITIVE_INFINITY;

  private static double floats(BinaryOp op, double x, double y) {
    return apply(op, Literals.floats(DType.F64, x), Literals.floats(DType.F64, y)).get(0);
  }

  private static long longs(BinaryOp op, DType dtype, long x, long y) {
    return apply(op, Literals.longs(dtype, x), Literals.longs(dtype, y)).getLong(0);
  }

  private static Literal apply(BinaryOp op, Literal x, Literal y) {
    return Interpreter.apply(op, List.of(), List.of(x, y)).getFirst();
  }

  @Test
  void floatArithmetic() {
    assertThat(floats(BinaryOp.ADD, 1, 2)).isEqualTo(3);
    assertThat(floats(BinaryOp.SUBTRACT, INF, INF)).isNaN();
    assertThat(floats(BinaryOp.MULTIPLY, -2, 3)).isEqualTo(-6);
    assertThat(floats(BinaryOp.DIVIDE, -1, 0)).isEqualTo(-INF);
    assertThat(floats(BinaryOp.REMAINDER, -7, 3)).isEqualTo(-1);
    assertThat(floats(BinaryOp.REMAINDER, 7.5, -2)).isEqualTo(1.5);
    assertThat(floats(BinaryOp.REMAINDER, 7, 0)).isNaN();
  }

  @Test
  void maximumAndMinimumPropagateNanAndOrderZeros() {
    assertThat(floats(BinaryOp.MAXIMUM, NAN, 1)).isNaN();
    assertThat(floats(BinaryOp.MINIMUM, 1, NAN)).isNaN();
    assertThat(floats(BinaryOp.MAXIMUM, -0.0, 0.0)).isEqualTo(0.0);
    assertThat(floats(BinaryOp.MINIMUM, 0.0, -0.0)).isEqualTo(-0.0);
    assertThat(floats(BinaryOp.MAXIMUM, -INF, 3)).isEqualTo(3);
  }

  @Test
  void floatPowersFollowIeee() {
    assertThat(floats(BinaryOp.POWER, 2, -2)).isEqualTo(0.25);
    assertThat(floats(BinaryOp.POWER, 1, NAN)).isEqualTo(1);
    assertThat(floats(BinaryOp.POWER, NAN, 0)).isEqualTo(1);
    assertThat(floats(BinaryOp.POWER, -1, INF)).isEqualTo(1);
    assertThat(floats(BinaryOp.POWER, -8, 1.0 / 3)).isNaN();
    assertThat(floats(BinaryOp.POWER, 0, -1)).isEqualTo(INF);
  }

  @Test
  void integerArithmeticWraps() {
    assertThat(longs(BinaryOp.ADD, DType.I32, Integer.MAX_VALUE, 1)).isEqualTo(Integer.MIN_VALUE);
    assertThat(longs(BinaryOp.SUBTRACT, DType.UI8, 1, 2)).isEqualTo(255);
    assertThat(longs(BinaryOp.MULTIPLY, DType.UI32, 0x10001, 0x10001)).isEqualTo(0x20001);
    assertThat(longs(BinaryOp.ADD, DType.UI64, -1, 2)).isEqualTo(1);
  }

  @Test
  void integerDivisionTruncatesAndNeverThrows() {
    assertThat(longs(BinaryOp.DIVIDE, DType.I32, -7, 2)).isEqualTo(-3);
    assertThat(longs(BinaryOp.REMAINDER, DType.I32, -7, 2)).isEqualTo(-1);
    assertThat(longs(BinaryOp.DIVIDE, DType.I8, -128, -1)).isEqualTo(-128);
    assertThat(longs(BinaryOp.REMAINDER, DType.I8, -128, -1)).isZero();
    assertThat(longs(BinaryOp.DIVIDE, DType.I32, 5, 0)).isEqualTo(-1);
    assertThat(longs(BinaryOp.REMAINDER, DType.I32, 5, 0)).isEqualTo(5);
    assertThat(longs(BinaryOp.DIVIDE, DType.UI8, 5, 0)).isEqualTo(255);
    assertThat(longs(BinaryOp.DIVIDE, DType.UI32, 0xFFFF_FFFFL, 2)).isEqualTo(0x7FFF_FFFF);
    assertThat(longs(BinaryOp.DIVIDE, DType.UI64, -2, 2)).isEqualTo(Long.MAX_VALUE);
    assertThat(longs(BinaryOp.REMAINDER, DType.UI64, -1, 10)).isEqualTo(5);
  }

  @Test
  void integerOrderIsThatOfTheDtype() {
    assertThat(longs(BinaryOp.MAXIMUM, DType.I64, -1, 1)).isEqualTo(1);
    assertThat(longs(BinaryOp.MAXIMUM, DType.UI64, -1, 1)).isEqualTo(-1);
    assertThat(longs(BinaryOp.MINIMUM, DType.UI64, -1, 1)).isEqualTo(1);
    assertThat(longs(BinaryOp.MINIMUM, DType.I8, -128, 127)).isEqualTo(-128);
  }

  @Test
  void integerPowers() {
    assertThat(longs(BinaryOp.POWER, DType.I32, 3, 4)).isEqualTo(81);
    assertThat(longs(BinaryOp.POWER, DType.I32, 0, 0)).isEqualTo(1);
    assertThat(longs(BinaryOp.POWER, DType.I32, -1, -3)).isEqualTo(-1);
    assertThat(longs(BinaryOp.POWER, DType.I32, -1, -4)).isEqualTo(1);
    assertThat(longs(BinaryOp.POWER, DType.I32, 2, -1)).isZero();
    assertThat(longs(BinaryOp.POWER, DType.UI8, 2, 8)).isZero();
    assertThat(longs(BinaryOp.POWER, DType.UI64, 1, -1)).isEqualTo(1);
  }

  @Test
  void bits() {
    assertThat(longs(BinaryOp.AND, DType.UI8, 0b1100, 0b1010)).isEqualTo(0b1000);
    assertThat(longs(BinaryOp.OR, DType.I32, 0b1100, 0b1010)).isEqualTo(0b1110);
    assertThat(longs(BinaryOp.XOR, DType.I32, -1, 1)).isEqualTo(-2);
    assertThat(longs(BinaryOp.XOR, DType.I1, 1, 1)).isZero();
    assertThat(longs(BinaryOp.AND, DType.I1, 1, 0)).isZero();
  }

  @Test
  void shifts() {
    assertThat(longs(BinaryOp.SHIFT_LEFT, DType.I32, 1, 31)).isEqualTo(Integer.MIN_VALUE);
    assertThat(longs(BinaryOp.SHIFT_LEFT, DType.UI32, 0x8000_0001L, 1)).isEqualTo(2);
    assertThat(longs(BinaryOp.SHIFT_LEFT, DType.I32, 1, 32)).isZero();
    assertThat(longs(BinaryOp.SHIFT_LEFT, DType.UI64, 1, 64)).isZero();
    assertThat(longs(BinaryOp.SHIFT_RIGHT_LOGICAL, DType.I32, -1, 28)).isEqualTo(15);
    assertThat(longs(BinaryOp.SHIFT_RIGHT_LOGICAL, DType.I8, -1, 8)).isZero();
    assertThat(longs(BinaryOp.SHIFT_RIGHT_LOGICAL, DType.UI64, -1, 63)).isEqualTo(1);
    assertThat(longs(BinaryOp.SHIFT_RIGHT_ARITHMETIC, DType.I32, -8, 1)).isEqualTo(-4);
    assertThat(longs(BinaryOp.SHIFT_RIGHT_ARITHMETIC, DType.I32, -8, 40)).isEqualTo(-1);
    assertThat(longs(BinaryOp.SHIFT_RIGHT_ARITHMETIC, DType.I32, 8, 40)).isZero();
    assertThat(longs(BinaryOp.SHIFT_RIGHT_ARITHMETIC, DType.UI8, 0x80, 1)).isEqualTo(0xC0);
    assertThat(longs(BinaryOp.SHIFT_LEFT, DType.I32, 1, -1)).as("amounts are unsigned").isZero();
  }

  @Test
  void bf16ResultsAreRoundedOnce() {
    Literal sum =
        apply(
            BinaryOp.ADD, Literals.floats(DType.BF16, 256), Literals.floats(DType.BF16, 1.0078125));
    assertThat(sum.get(0)).isEqualTo(258);
    Literal tie =
        apply(BinaryOp.ADD, Literals.floats(DType.BF16, 256), Literals.floats(DType.BF16, 1));
    assertThat(tie.get(0)).isEqualTo(256);
  }
}
