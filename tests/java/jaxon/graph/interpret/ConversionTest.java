package jaxon.graph.interpret;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import jaxon.graph.op.ElementwiseOp;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.testing.Literals;
import org.junit.jupiter.api.Test;

class ConversionTest {
  private static final double NAN = Double.NaN;
  private static final double INF = Double.POSITIVE_INFINITY;

  private static Literal convert(Literal x, DType to) {
    return Interpreter.apply(new ElementwiseOp.Convert(to), List.of(), List.of(x)).getFirst();
  }

  private static Literal bitcast(Literal x, DType to) {
    return Interpreter.apply(new ElementwiseOp.BitcastConvert(to), List.of(), List.of(x))
        .getFirst();
  }

  private static long[] toInteger(DType to, double... values) {
    return Literals.longsOf(convert(Literals.floats(DType.F64, values), to));
  }

  @Test
  void floatToIntegerTruncatesAndSaturates() {
    assertThat(toInteger(DType.I32, 1.9, -1.9, NAN, 1e10, -INF))
        .containsExactly(1, -1, 0, Integer.MAX_VALUE, Integer.MIN_VALUE);
    assertThat(toInteger(DType.I8, 127.9, 128, -129)).containsExactly(127, 127, -128);
    assertThat(toInteger(DType.UI8, -1, 255.5, 256)).containsExactly(0, 255, 255);
    assertThat(toInteger(DType.UI32, 4e9, 1e10, NAN)).containsExactly(4000000000L, 0xFFFFFFFFL, 0);
    assertThat(toInteger(DType.I64, INF, -1e300, 3.5))
        .containsExactly(Long.MAX_VALUE, Long.MIN_VALUE, 3);
    assertThat(toInteger(DType.UI64, 0x1p63, 0x1p64, -5, 0x1.8p63, NAN))
        .containsExactly(Long.MIN_VALUE, -1, 0, 0xC000_0000_0000_0000L, 0);
  }

  @Test
  void anythingToBoolIsDifferentFromZero() {
    assertThat(toInteger(DType.I1, 0.5, -0.0, NAN, INF)).containsExactly(1, 0, 1, 1);
    assertThat(Literals.longsOf(convert(Literals.longs(DType.I32, 256, 0), DType.I1)))
        .containsExactly(1, 0);
  }

  @Test
  void integerToIntegerKeepsTheLowBits() {
    assertThat(Literals.longsOf(convert(Literals.longs(DType.I32, -1, 300), DType.UI8)))
        .containsExactly(255, 44);
    assertThat(Literals.longsOf(convert(Literals.longs(DType.I8, -1), DType.UI64)))
        .containsExactly(-1);
    assertThat(Literals.longsOf(convert(Literals.longs(DType.UI32, 0xFFFFFFFFL), DType.I64)))
        .containsExactly(0xFFFFFFFFL);
    assertThat(convert(Literals.longs(DType.I1, 1, 0), DType.BF16).toDoubles())
        .containsExactly(1, 0);
  }

  @Test
  void integerToFloatRoundsOnce() {
    assertThat(convert(Literals.longs(DType.UI64, -1), DType.F64).get(0)).isEqualTo(0x1p64);
    assertThat(convert(Literals.longs(DType.UI64, Long.MIN_VALUE), DType.F32).get(0))
        .isEqualTo(0x1p63);
    // Through double this would become a tie between two floats, and then the lower one.
    long aboveTie = (1L << 62) + (1L << 38) + 1;
    for (long value : new long[] {aboveTie, -aboveTie, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 53}) {
      assertThat(convert(Literals.longs(DType.I64, value), DType.F32).get(0))
          .isEqualTo((double) (float) value);
    }
    assertThat(convert(Literals.longs(DType.I64, aboveTie), DType.F32).get(0))
        .isNotEqualTo((double) (float) (double) aboveTie);
    assertThat(convert(Literals.longs(DType.I32, 257), DType.BF16).get(0)).isEqualTo(256);
  }

  @Test
  void floatToFloatRoundsToNearestEven() {
    Literal x = Literals.floats(DType.F64, 1.00390625, 1.01171875, 1e300, NAN);
    assertThat(convert(x, DType.BF16).toDoubles()).containsExactly(1, 1.015625, INF, NAN);
    assertThat(convert(x, DType.F32).toDoubles()).containsExactly(1.00390625, 1.01171875, INF, NAN);
  }

  @Test
  void bitcastReinterpretsBits() {
    Literal bits = bitcast(Literals.floats(DType.F32, 1, -0.0), DType.UI32);
    assertThat(Literals.longsOf(bits)).containsExactly(0x3F800000L, 0x80000000L);
    assertThat(bitcast(bits, DType.F32)).isEqualTo(Literals.floats(DType.F32, 1, -0.0));
    assertThat(Literals.longsOf(bitcast(Literals.floats(DType.F64, -2), DType.I64)))
        .containsExactly(Double.doubleToRawLongBits(-2));
    assertThat(bitcast(Literals.floats(DType.BF16, 1), DType.F16).get(0))
        .isEqualTo(Float.float16ToFloat((short) 0x3F80));
    assertThat(Literals.longsOf(bitcast(Literals.longs(DType.UI8, 255), DType.I8)))
        .containsExactly(-1);
  }
}
