package jaxon.graph.interpret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import jaxon.graph.op.UnaryOp;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;
import jaxon.testing.Literals;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class UnaryKernelsTest {
  private static final double NAN = Double.NaN;
  private static final double INF = Double.POSITIVE_INFINITY;

  private static double[] floats(UnaryOp op, double... values) {
    return apply(op, Literals.floats(DType.F64, values)).toDoubles();
  }

  private static long[] longs(UnaryOp op, DType dtype, long... values) {
    return Literals.longsOf(apply(op, Literals.longs(dtype, values)));
  }

  private static Literal apply(UnaryOp op, Literal x) {
    return Interpreter.apply(op, List.of(), List.of(x)).getFirst();
  }

  @Test
  void signs() {
    assertThat(floats(UnaryOp.ABS, -1.5, -0.0, -INF, NAN)).containsExactly(1.5, 0, INF, NAN);
    assertThat(floats(UnaryOp.NEGATE, 1, 0.0, -INF)).containsExactly(-1, -0.0, INF);
    assertThat(floats(UnaryOp.SIGN, -2, -0.0, 0.0, INF, NAN)).containsExactly(-1, -0.0, 0, 1, NAN);
  }

  @Test
  void roundings() {
    assertThat(floats(UnaryOp.ROUND_NEAREST_EVEN, 0.5, 1.5, 2.5, -0.5, -2.6))
        .containsExactly(0, 2, 2, -0.0, -3);
    assertThat(floats(UnaryOp.FLOOR, -1.2, 1.8, -0.0)).containsExactly(-2, 1, -0.0);
    assertThat(floats(UnaryOp.CEIL, -1.2, 1.2, INF)).containsExactly(-1, 2, INF);
  }

  @Test
  void exponentialsAndLogarithms() {
    assertThat(floats(UnaryOp.EXPONENTIAL, 0, -INF, 1000)).containsExactly(1, 0, INF);
    assertThat(floats(UnaryOp.EXPONENTIAL_MINUS_ONE, 1e-20, -INF)).containsExactly(1e-20, -1);
    assertThat(floats(UnaryOp.LOG, 1, 0, -1, INF)).containsExactly(0, -INF, NAN, INF);
    assertThat(floats(UnaryOp.LOG_PLUS_ONE, 1e-20, -1, -2)).containsExactly(1e-20, -INF, NAN);
    assertThat(floats(UnaryOp.LOGISTIC, 0, -INF, INF, -1000)).containsExactly(0.5, 0, 1, 0);
    assertThat(floats(UnaryOp.TANH, INF, -INF, 0)).containsExactly(1, -1, 0);
  }

  @Test
  void rootsAndTrigonometry() {
    assertThat(floats(UnaryOp.SQRT, 4, -1, 0)).containsExactly(2, NAN, 0);
    assertThat(floats(UnaryOp.RSQRT, 4, 0, INF, -1)).containsExactly(0.5, INF, 0, NAN);
    assertThat(floats(UnaryOp.SINE, 0, INF)).containsExactly(0, NAN);
    assertThat(floats(UnaryOp.SINE, Math.PI / 6)[0]).isCloseTo(0.5, within(1e-15));
    assertThat(floats(UnaryOp.COSINE, Math.PI / 3)[0]).isCloseTo(0.5, within(1e-15));
    assertThat(floats(UnaryOp.ERF, INF, 0)).containsExactly(1, 0);
  }

  @Test
  void isFiniteGivesBooleans() {
    Literal result = apply(UnaryOp.IS_FINITE, Literals.floats(DType.F32, 1, INF, -INF, NAN));
    assertThat(result.type()).isEqualTo(TensorType.of(DType.I1, 4));
    assertThat(Literals.longsOf(result)).containsExactly(1, 0, 0, 0);
  }

  @Test
  void integers() {
    assertThat(longs(UnaryOp.ABS, DType.I8, -5, 5, -128)).containsExactly(5, 5, -128);
    assertThat(longs(UnaryOp.ABS, DType.UI8, 200)).containsExactly(200);
    assertThat(longs(UnaryOp.NEGATE, DType.UI8, 1, 0)).containsExactly(255, 0);
    assertThat(longs(UnaryOp.NEGATE, DType.I32, Integer.MIN_VALUE))
        .containsExactly(Integer.MIN_VALUE);
    assertThat(longs(UnaryOp.SIGN, DType.I64, -9, 0, 9)).containsExactly(-1, 0, 1);
    assertThat(longs(UnaryOp.SIGN, DType.UI64, -1, 0)).containsExactly(1, 0);
    assertThat(longs(UnaryOp.NOT, DType.UI32, 0, 1)).containsExactly(0xFFFF_FFFFL, 0xFFFF_FFFEL);
    assertThat(longs(UnaryOp.NOT, DType.I8, 0, 5)).containsExactly(-1, -6);
    assertThat(longs(UnaryOp.NOT, DType.I1, 0, 1)).containsExactly(1, 0);
  }

  @Test
  void resultsAreRoundedOnceToTheDtype() {
    double exact = Math.exp(1.0078125);
    Literal bf16 = apply(UnaryOp.EXPONENTIAL, Literals.floats(DType.BF16, 1.0078125));
    assertThat(bf16.get(0)).isEqualTo(DType.BF16.round(exact)).isNotEqualTo(exact);
    Literal f32 = apply(UnaryOp.EXPONENTIAL, Literals.floats(DType.F32, 1.0078125));
    assertThat(f32.get(0)).isEqualTo((float) exact);
  }

  @ParameterizedTest
  @EnumSource(UnaryOp.class)
  void everyOpTakesEmptyAndScalarTensors(UnaryOp op) {
    DType dtype = op == UnaryOp.NOT ? DType.I32 : DType.F32;
    Literal empty = apply(op, Literal.splat(TensorType.of(dtype, 2, 0), 0));
    assertThat(empty.type().shape().elements()).isZero();
    assertThat(apply(op, Literals.scalar(dtype, 1)).type().shape().rank()).isZero();
  }
}
