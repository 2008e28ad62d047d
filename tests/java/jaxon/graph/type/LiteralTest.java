package jaxon.graph.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class LiteralTest {
  @Test
  void theCallersArrayMayChangeAfterwards() {
    float[] values = {1, 2};
    Literal literal = Literal.ofFloats(values, 2);
    values[0] = 9;
    assertThat(literal.toDoubles()).containsExactly(1, 2);
  }

  @Test
  void aSplatStandsForAllElements() {
    Literal splat = Literal.splat(TensorType.of(DType.BF16, 2, 2), 1.01);
    assertThat(splat.isSplat()).isTrue();
    assertThat(splat.toDoubles()).containsOnly(1.0078125).hasSize(4);
    assertThat((short[]) splat.toStorage()).hasSize(4).containsOnly(Bf16.fromDouble(1.01));
    assertThat(splat).hasToString("bf16[2, 2] filled with 1.0078125");
  }

  @Test
  void unsignedElementsReadBackAsUnsigned() {
    Literal bytes = Literal.wrap(TensorType.of(DType.UI8, 1), new byte[] {-1});
    Literal words = Literal.wrap(TensorType.of(DType.UI32, 1), new int[] {-1});
    Literal longs = Literal.wrap(TensorType.of(DType.UI64, 1), new long[] {-1});
    assertThat(bytes.get(0)).isEqualTo(255);
    assertThat(words.getLong(0)).isEqualTo(0xFFFF_FFFFL);
    assertThat(longs.get(0)).isEqualTo(0x1p64);
    assertThat(longs.getLong(0)).isEqualTo(-1);
  }

  @Test
  void generatedElementsAreRoundedOrWrapped() {
    Literal halves = Literal.generate(TensorType.of(DType.F16, 2), i -> i + 1.0001);
    assertThat(halves.toDoubles()).containsExactly(1, 2);
    Literal wrapped = Literal.generateLongs(TensorType.of(DType.I8, 2), i -> 127 + i);
    assertThat(wrapped.toDoubles()).containsExactly(127, -128);
    assertThat(Literal.generateLongs(TensorType.of(DType.I1, 1), _ -> 8).getLong(0)).isEqualTo(1);
  }

  @Test
  void emptyAndScalarTensors() {
    assertThat(Literal.ofFloats(new float[0], 3, 0).toDoubles()).isEmpty();
    assertThat(Literal.splat(TensorType.of(DType.F32, 0), 1).toDoubles()).isEmpty();
    assertThat(Literal.ofInts(new int[] {7}).type().shape()).isEqualTo(Shape.SCALAR);
  }

  @Test
  void equalityIsOfTypeAndBits() {
    Literal one = Literal.ofFloats(new float[] {1, 2}, 2);
    assertThat(one).isEqualTo(Literal.ofFloats(new float[] {1, 2}, 2));
    assertThat(one).hasSameHashCodeAs(Literal.ofFloats(new float[] {1, 2}, 2));
    assertThat(one).isNotEqualTo(Literal.ofFloats(new float[] {1, 2}, 2, 1));
    assertThat(one).isNotEqualTo(Literal.ofFloats(new float[] {1, 3}, 2));
    assertThat(Literal.ofFloats(new float[] {0f}, 1))
        .isNotEqualTo(Literal.ofFloats(new float[] {-0f}, 1));
  }

  @Test
  void wrongStorageIsRefused() {
    assertThatThrownBy(() -> Literal.ofFloats(new float[3], 2, 2))
        .isInstanceOf(ShapeException.class)
        .hasMessage("a literal of type f32[2, 2] needs 4 elements, got 3");
    assertThatThrownBy(() -> Literal.wrap(TensorType.of(DType.BF16, 1), new float[1]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("storage of bf16 is short[], got float[]");
  }
}
