package jaxon.graph.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.ShapeException;
import jaxon.graph.type.TensorType;
import jaxon.testing.Literals;
import jaxon.testing.Traced;
import org.junit.jupiter.api.Test;

class EinsumTest {
  private static Literal einsum(String spec, Literal lhs, Literal rhs) {
    return Traced.one(args -> Ops.einsum(spec, args.get(0), args.get(1)), lhs, rhs);
  }

  @Test
  void matrixProductInBothOrders() {
    Literal a = Literals.counting(DType.F32, 2, 3);
    Literal b = Literals.counting(DType.F32, 3, 2);
    assertThat(einsum("ab,bc->ac", a, b).toDoubles()).containsExactly(10, 13, 28, 40);
    assertThat(einsum("ab,bc->ca", a, b).toDoubles()).containsExactly(10, 28, 13, 40);
  }

  @Test
  void batchLabelsMayLandAnywhere() {
    Literal q = Literals.counting(DType.F32, 1, 2, 2, 2);
    Literal k = Literals.counting(DType.F32, 1, 3, 2, 2);
    Literal scores = einsum("bthd,bshd->bhts", q, k);
    assertThat(scores.type()).isEqualTo(TensorType.of(DType.F32, 1, 2, 2, 3));
    for (int h = 0; h < 2; h++) {
      for (int t = 0; t < 2; t++) {
        for (int s = 0; s < 3; s++) {
          double sum = 0;
          for (int d = 0; d < 2; d++) {
            sum += q.get((t * 2 + h) * 2 + d) * k.get((s * 2 + h) * 2 + d);
          }
          assertThat(scores.get((h * 2 + t) * 3 + s)).isEqualTo(sum);
        }
      }
    }
  }

  @Test
  void outerAndInnerProducts() {
    Literal a = Literals.floats(DType.F32, 1, 2);
    Literal b = Literals.floats(DType.F32, 3, 4);
    assertThat(einsum("a,b->ba", a, b).toDoubles()).containsExactly(3, 6, 4, 8);
    assertThat(einsum("a,a->", a, b).toDoubles()).containsExactly(11);
    assertThat(einsum("a,a->a", a, b).toDoubles()).containsExactly(3, 8);
  }

  @Test
  void theResultMayHaveAnotherDtype() {
    Literal a = Literal.splat(TensorType.of(DType.BF16, 300), 1);
    Literal sum = Traced.one(args -> Ops.einsum("a,a->", args.get(0), args.get(0), DType.F32), a);
    assertThat(sum).isEqualTo(Literals.scalar(DType.F32, 300));
  }

  @Test
  void illegalSpecsAreRefused() {
    Literal matrix = Literals.counting(DType.F32, 2, 2);
    assertThatThrownBy(() -> einsum("ab->ba", matrix, matrix))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the form is 'ab,bc->ac'");
    assertThatThrownBy(() -> einsum("ab,bc", matrix, matrix)).hasMessageContaining("the form is");
    assertThatThrownBy(() -> einsum("abc,bc->a", matrix, matrix))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("does not fit (f32[2, 2], f32[2, 2])");
    for (String spec : new String[] {"ab,bc->c", "ab,bc->ad", "ab,bc->aa", "ab,bc->abcc"}) {
      assertThatThrownBy(() -> einsum(spec, matrix, matrix))
          .as(spec)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("the result must name each of");
    }
    assertThatThrownBy(() -> einsum("aa,ab->b", matrix, matrix)).isInstanceOf(ShapeException.class);
  }
}
