package jaxon.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;
import org.junit.jupiter.api.Test;

class RmsNormTest {
  private static final double EPSILON = 1e-5;

  @Test
  void dividesByTheRootMeanSquare() {
    Literal x = Eager.random(DType.F64, 1, 2, 3, 5);
    Literal scale = Eager.random(DType.F64, 2, 5);

    double[] y = normalized(x, scale, DType.F64);

    for (int row = 0; row < 6; row++) {
      double squares = 0;
      for (int i = 0; i < 5; i++) {
        squares += x.get(row * 5 + i) * x.get(row * 5 + i);
      }
      for (int i = 0; i < 5; i++) {
        double expected = x.get(row * 5 + i) / Math.sqrt(squares / 5 + EPSILON) * scale.get(i);
        assertThat(y[row * 5 + i]).isCloseTo(expected, within(1e-14));
      }
    }
  }

  @Test
  void bfloat16StatisticsAreFloat32() {
    // 300 squares of 1 + 2^-7: in bfloat16 a running sum would stop at 256.
    Literal x = Literal.splat(TensorType.of(DType.BF16, 1, 300), 1.0078125);

    double[] y = normalized(x, Literal.splat(TensorType.of(DType.F32, 300), 3), DType.BF16);

    assertThat(y).containsOnly(3.0);
  }

  @Test
  void rowOfZerosStaysZero() {
    Literal zeros = Literal.splat(TensorType.of(DType.F32, 1, 4), 0);

    assertThat(normalized(zeros, Literal.splat(TensorType.of(DType.F32, 4), 2), DType.F32))
        .containsOnly(0.0);
  }

  private static double[] normalized(Literal x, Literal scale, DType dtype) {
    return Eager.doubles(
        List.of(x, scale), args -> new RmsNorm(args.get(1), EPSILON, dtype).apply(args.get(0)));
  }
}
