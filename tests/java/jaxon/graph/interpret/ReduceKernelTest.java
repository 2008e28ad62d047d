package jaxon.graph.interpret;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import jaxon.graph.op.ReduceOp.Kind;
import jaxon.graph.op.ReduceOp.Reduce;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;
import jaxon.testing.Literals;
import org.junit.jupiter.api.Test;

class ReduceKernelTest {
  private static final double NAN = Double.NaN;
  private static final double INF = Double.POSITIVE_INFINITY;

  private static Literal reduce(Kind kind, Literal x, Integer... dims) {
    return Interpreter.apply(new Reduce(kind, List.of(dims)), List.of(), List.of(x)).getFirst();
  }

  @Test
  void sumsOverEachDim() {
    Literal x = Literals.counting(DType.F32, 2, 3);
    assertThat(reduce(Kind.SUM, x, 0).toDoubles()).containsExactly(3, 5, 7);
    assertThat(reduce(Kind.SUM, x, 1).toDoubles()).containsExactly(3, 12);
    assertThat(reduce(Kind.SUM, x, 0, 1).toDoubles()).containsExactly(15);
    assertThat(reduce(Kind.SUM, x)).isEqualTo(x);
    Literal cube = Literals.counting(DType.F32, 2, 2, 2);
    assertThat(reduce(Kind.SUM, cube, 0, 2).toDoubles()).containsExactly(10, 18);
  }

  @Test
  void otherKinds() {
    Literal x = Literals.floats(DType.F32, 3, -2, 0.5);
    assertThat(reduce(Kind.PRODUCT, x, 0).get(0)).isEqualTo(-3);
    assertThat(reduce(Kind.MAX, x, 0).get(0)).isEqualTo(3);
    assertThat(reduce(Kind.MIN, x, 0).get(0)).isEqualTo(-2);
    assertThat(reduce(Kind.MAX, Literals.floats(DType.F32, 1, NAN), 0).get(0)).isNaN();
    assertThat(reduce(Kind.AND, Literals.longs(DType.I1, 1, 0), 0).getLong(0)).isZero();
    assertThat(reduce(Kind.OR, Literals.longs(DType.I1, 1, 0), 0).getLong(0)).isEqualTo(1);
  }

  @Test
  void nothingFoldsToTheNeutralElement() {
    Literal none = Literal.splat(TensorType.of(DType.F32, 0, 2), 0);
    assertThat(reduce(Kind.SUM, none, 0).toDoubles()).containsExactly(0, 0);
    assertThat(reduce(Kind.PRODUCT, none, 0).toDoubles()).containsExactly(1, 1);
    assertThat(reduce(Kind.MAX, none, 0).toDoubles()).containsExactly(-INF, -INF);
    assertThat(reduce(Kind.MIN, none, 0).toDoubles()).containsExactly(INF, INF);
    assertThat(reduce(Kind.SUM, none, 1).type()).isEqualTo(TensorType.of(DType.F32, 0));
  }

  @Test
  void theNeutralElementsOfIntegersAreTheEndsOfTheirRange() {
    assertThat(reduce(Kind.MAX, Literals.longs(DType.I8), 0).getLong(0)).isEqualTo(-128);
    assertThat(reduce(Kind.MIN, Literals.longs(DType.I32), 0).getLong(0))
        .isEqualTo(Integer.MAX_VALUE);
    assertThat(reduce(Kind.MIN, Literals.longs(DType.I64), 0).getLong(0)).isEqualTo(Long.MAX_VALUE);
    assertThat(reduce(Kind.MAX, Literals.longs(DType.UI32), 0).getLong(0)).isZero();
    assertThat(reduce(Kind.MIN, Literals.longs(DType.UI64), 0).getLong(0)).isEqualTo(-1);
    assertThat(reduce(Kind.AND, Literals.longs(DType.I1), 0).getLong(0)).isEqualTo(1);
    assertThat(reduce(Kind.OR, Literals.longs(DType.I1), 0).getLong(0)).isZero();
  }

  @Test
  void unsignedOrder() {
    assertThat(reduce(Kind.MAX, Literals.longs(DType.UI64, 1, -1, 2), 0).getLong(0)).isEqualTo(-1);
    assertThat(reduce(Kind.MIN, Literals.longs(DType.UI8, 255, 3), 0).getLong(0)).isEqualTo(3);
  }

  @Test
  void integerSumsWrap() {
    assertThat(reduce(Kind.SUM, Literals.longs(DType.I8, 100, 100), 0).getLong(0)).isEqualTo(-56);
    assertThat(reduce(Kind.PRODUCT, Literals.longs(DType.UI8, 16, 17), 0).getLong(0)).isEqualTo(16);
  }

  @Test
  void lowPrecisionSumsAreRoundedOnce() {
    Literal ones = Literal.splat(TensorType.of(DType.BF16, 1000), 1);
    assertThat(reduce(Kind.SUM, ones, 0).get(0)).isEqualTo(1000);
    Literal tenths = Literal.splat(TensorType.of(DType.F32, 1000), 0.1);
    assertThat(reduce(Kind.SUM, tenths, 0).get(0)).isEqualTo((float) (1000 * (double) 0.1f));
  }
}
