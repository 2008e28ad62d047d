package jaxon.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.ShapeException;
import jaxon.graph.type.TensorType;
import org.junit.jupiter.api.Test;

class LinearTest {
  @Test
  void contractsSeveralDims() {
    Literal x = Eager.random(DType.F64, 1, 2, 3, 4);
    Literal kernel = Eager.random(DType.F64, 2, 3, 4, 5);

    Literal y =
        Eager.run(
            List.of(x, kernel),
            a -> new Linear(a.get(1), Optional.empty(), 2, DType.F64).apply(a.get(0)));

    assertThat(y.type()).isEqualTo(TensorType.of(DType.F64, 2, 5));
    for (int row = 0; row < 2; row++) {
      for (int out = 0; out < 5; out++) {
        double sum = 0;
        for (int i = 0; i < 12; i++) {
          sum += x.get(row * 12 + i) * kernel.get(i * 5 + out);
        }
        assertThat(y.get(row * 5 + out)).isCloseTo(sum, within(1e-13));
      }
    }
  }

  @Test
  void addsTheBiasToEachRow() {
    Literal x = Eager.random(DType.F32, 1, 2, 1, 3);
    Literal kernel = Literal.splat(TensorType.of(DType.F32, 3, 2, 2), 0);
    Literal bias = Literal.ofFloats(new float[] {1, 2, 3, 4}, 2, 2);

    double[] y =
        Eager.doubles(
            List.of(x, kernel, bias),
            a -> new Linear(a.get(1), Optional.of(a.get(2)), 1, DType.F32).apply(a.get(0)));

    assertThat(y).containsExactly(1, 2, 3, 4, 1, 2, 3, 4);
  }

  @Test
  void computesInItsTypeWithWeightsOfAnother() {
    Literal x = Eager.random(DType.F32, 1, 1, 3);
    Literal kernel = Eager.random(DType.F32, 2, 3, 2);

    Literal y =
        Eager.run(
            List.of(x, kernel),
            a -> new Linear(a.get(1), Optional.empty(), 1, DType.BF16).apply(a.get(0)));

    assertThat(y.type().dtype()).isEqualTo(DType.BF16);
  }

  @Test
  void saysWhatItTakes() {
    Literal x = Eager.random(DType.F32, 1, 2, 4);
    Literal kernel = Eager.random(DType.F32, 2, 3, 2);

    assertThatThrownBy(() ->
            Eager.run(
                List.of(x, kernel),
                a -> new Linear(a.get(1), Optional.empty(), 1, DType.F32).apply(a.get(0))))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("last dims are [3]");
  }
}
