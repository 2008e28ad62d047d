package jaxon.graph.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ShapeTest {
  private static final Shape SHAPE = Shape.of(2, 3, 4);

  @Test
  void sizesAndStrides() {
    assertThat(SHAPE.elements()).isEqualTo(24);
    assertThat(SHAPE.strides()).containsExactly(12, 4, 1);
    assertThat(SHAPE.dim(-1)).isEqualTo(4);
    assertThat(Shape.SCALAR.elements()).isEqualTo(1);
    assertThat(Shape.of(3, 0).elements()).isZero();
    assertThat(SHAPE).hasToString("[2, 3, 4]");
    assertThat(Shape.of()).isSameAs(Shape.SCALAR).hasToString("[]");
  }

  @Test
  void derivedShapes() {
    assertThat(SHAPE.with(-2, 7)).isEqualTo(Shape.of(2, 7, 4));
    assertThat(SHAPE.insert(3, 1)).isEqualTo(Shape.of(2, 3, 4, 1));
    assertThat(SHAPE.without(List.of(0, 2))).isEqualTo(Shape.of(3));
    assertThat(Shape.of(List.of(2L, 3L, 4L))).isEqualTo(SHAPE).hasSameHashCodeAs(SHAPE);
  }

  @Test
  void arraysAreCopies() {
    SHAPE.toArray()[0] = 99;
    assertThat(SHAPE.dim(0)).isEqualTo(2);
  }

  @Test
  void illegalDimsSayWhatIsAllowed() {
    assertThatThrownBy(() -> SHAPE.dim(3))
        .hasMessage("dim 3 of shape [2, 3, 4]: allowed are -3..2");
    assertThatThrownBy(() -> SHAPE.insert(5, 1)).hasMessageContaining("allowed are 0..3");
    assertThatThrownBy(() -> Shape.of(2, -1)).hasMessageContaining("got -1 in [2, -1]");
    assertThatThrownBy(() -> Shape.of(1L << 40, 1L << 40)).isInstanceOf(ArithmeticException.class);
  }

  @Test
  void tensorTypes() {
    TensorType type = TensorType.of(DType.BF16, 8, 128);
    assertThat(type).hasToString("bf16[8, 128]");
    assertThat(type.bytes()).isEqualTo(2048);
    assertThat(type.withDType(DType.F32)).isEqualTo(TensorType.of(DType.F32, 8, 128));
    assertThat(type.withShape(Shape.of(4))).isEqualTo(TensorType.of(DType.BF16, 4));
  }
}
