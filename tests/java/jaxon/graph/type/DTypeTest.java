package jaxon.graph.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class DTypeTest {
  @Test
  void everyBf16PatternSurvivesTheWayThroughFloatAndDouble() {
    for (int bits = 0; bits <= 0xFFFF; bits++) {
      float value = Bf16.toFloat((short) bits);
      if (Float.isNaN(value)) {
        assertThat(Bf16.toFloat(Bf16.fromFloat(value))).isNaN();
        assertThat(Bf16.toFloat(Bf16.fromDouble(value))).isNaN();
      } else {
        assertThat(Bf16.fromFloat(value)).isEqualTo((short) bits);
        assertThat(Bf16.fromDouble(value)).isEqualTo((short) bits);
      }
    }
  }

  @Test
  void everyF16PatternSurvivesTheWayThroughDouble() {
    for (int bits = 0; bits <= 0xFFFF; bits++) {
      float value = Float.float16ToFloat((short) bits);
      if (!Float.isNaN(value)) {
        assertThat(F16Rounding.fromDouble(value)).isEqualTo((short) bits);
      }
    }
  }

  @Test
  void midpointsOfAllBf16NeighboursRoundToEvenAndTheirNeighboursToTheNearest() {
    for (int bits = 0; bits < 0x7F7F; bits++) {
      double low = Bf16.toFloat((short) bits);
      double high = Bf16.toFloat((short) (bits + 1));
      double even = (bits & 1) == 0 ? low : high;
      assertRoundsAround(DType.BF16, low, even, high);
      assertRoundsAround(DType.BF16, -high, -even, -low);
    }
  }

  @Test
  void midpointsOfAllF16NeighboursRoundToEvenAndTheirNeighboursToTheNearest() {
    for (int bits = 0; bits < 0x7BFF; bits++) {
      double low = Float.float16ToFloat((short) bits);
      double high = Float.float16ToFloat((short) (bits + 1));
      assertRoundsAround(DType.F16, low, (bits & 1) == 0 ? low : high, high);
    }
  }

  /// The neighbours of the midpoint are as near as doubles can be: rounding them through float
  /// first would make them ties.
  private static void assertRoundsAround(DType dtype, double low, double even, double high) {
    double middle = (low + high) / 2;
    assertThat(dtype.round(middle)).isEqualTo(even);
    assertThat(dtype.round(Math.nextDown(middle))).isEqualTo(low);
    assertThat(dtype.round(Math.nextUp(middle))).isEqualTo(high);
  }

  @Test
  void floatsOverflowToInfinityAboveTheLastMidpoint() {
    assertThat(DType.F16.round(65519.99)).isEqualTo(65504);
    assertThat(DType.F16.round(65520)).isInfinite();
    assertThat(DType.BF16.round(3.39e38)).isEqualTo(Bf16.toFloat((short) 0x7F7F));
    assertThat(DType.BF16.round(-3.4e38)).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(DType.F32.round(1e300)).isInfinite();
    assertThat(DType.BF16.round(Double.NaN)).isNaN();
    assertThat(DType.F16.round(-1e-300)).isEqualTo(-0.0);
  }

  @Test
  void integersWrapToTheirWidth() {
    assertThat(DType.I8.wrap(200)).isEqualTo(-56);
    assertThat(DType.UI8.wrap(-1)).isEqualTo(255);
    assertThat(DType.I32.wrap(1L << 31)).isEqualTo(Integer.MIN_VALUE);
    assertThat(DType.UI32.wrap(-1)).isEqualTo(0xFFFF_FFFFL);
    assertThat(DType.UI64.wrap(-1)).isEqualTo(-1);
    assertThat(DType.I1.wrap(6)).isEqualTo(1);
    assertThat(DType.I32.round(-2.9)).isEqualTo(-2);
    assertThatThrownBy(() -> DType.F32.wrap(1)).hasMessageContaining("f32");
  }

  @Test
  void kindsAndSizes() {
    assertThat(DType.BF16.isFloat()).isTrue();
    assertThat(DType.I1.isInteger()).isFalse();
    assertThat(DType.UI64.isUnsigned()).isTrue();
    assertThat(DType.BF16.bytes()).isEqualTo(2);
    assertThat(DType.I1.bytes()).isEqualTo(1);
    assertThat(DType.UI32).hasToString("ui32");
  }
}
