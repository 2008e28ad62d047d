package jaxon.graph.interpret;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import jaxon.graph.op.ContractOp.DotGeneral;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;
import jaxon.testing.Literals;
import org.junit.jupiter.api.Test;

class DotKernelTest {
  private static Literal dot(DotGeneral op, Literal lhs, Literal rhs) {
    return Interpreter.apply(op, List.of(), List.of(lhs, rhs)).getFirst();
  }

  private static DotGeneral matmul(DType result) {
    return new DotGeneral(List.of(), List.of(), List.of(1), List.of(0), result);
  }

  @Test
  void matrixProduct() {
    Literal result =
        dot(
            matmul(DType.F32),
            Literals.counting(DType.F32, 2, 3),
            Literals.counting(DType.F32, 3, 2));
    assertThat(result.toDoubles()).containsExactly(10, 13, 28, 40);
  }

  @Test
  void batchAndContractingDimsMayStandAnywhere() {
    // lhs[k, b, m] and rhs[n, k, b], as out[b, m, n].
    DotGeneral op = new DotGeneral(List.of(1), List.of(2), List.of(0), List.of(1), DType.F64);
    Literal lhs = Literals.counting(DType.F64, 3, 2, 2);
    Literal rhs = Literals.counting(DType.F64, 4, 3, 2);
    Literal result = dot(op, lhs, rhs);
    assertThat(result.type()).isEqualTo(TensorType.of(DType.F64, 2, 2, 4));
    for (int b = 0; b < 2; b++) {
      for (int m = 0; m < 2; m++) {
        for (int n = 0; n < 4; n++) {
          double sum = 0;
          for (int k = 0; k < 3; k++) {
            sum += lhs.get((k * 2 + b) * 2 + m) * rhs.get((n * 3 + k) * 2 + b);
          }
          assertThat(result.get((b * 2 + m) * 4 + n)).isEqualTo(sum);
        }
      }
    }
  }

  @Test
  void severalContractingDimsPairUpInOrder() {
    DotGeneral op = new DotGeneral(List.of(), List.of(), List.of(0, 1), List.of(1, 0), DType.F32);
    Literal result =
        dot(op, Literals.counting(DType.F32, 2, 3), Literals.counting(DType.F32, 3, 2));
    assertThat(result.type()).isEqualTo(TensorType.of(DType.F32));
    // 0·0 + 1·2 + 2·4 + 3·1 + 4·3 + 5·5
    assertThat(result.get(0)).isEqualTo(50);
  }

  @Test
  void withoutContractionItIsTheOuterProduct() {
    DotGeneral op = new DotGeneral(List.of(), List.of(), List.of(), List.of(), DType.F32);
    assertThat(
            dot(op, Literals.floats(DType.F32, 1, 2), Literals.floats(DType.F32, 3, 4)).toDoubles())
        .containsExactly(3, 4, 6, 8);
    assertThat(dot(op, Literals.scalar(DType.F32, 2), Literals.scalar(DType.F32, 3)).get(0))
        .isEqualTo(6);
  }

  @Test
  void sumsOverNothingAreZero() {
    Literal lhs = Literal.splat(TensorType.of(DType.F32, 2, 0), 1);
    Literal rhs = Literal.splat(TensorType.of(DType.F32, 0, 2), 1);
    assertThat(dot(matmul(DType.F32), lhs, rhs).toDoubles()).containsExactly(0, 0, 0, 0);
    assertThat(dot(matmul(DType.F32), rhs, lhs).type()).isEqualTo(TensorType.of(DType.F32, 0, 0));
  }

  @Test
  void lowPrecisionIsRoundedOnceToTheResult() {
    Literal lhs = Literal.splat(TensorType.of(DType.BF16, 1, 1000), 1.0078125);
    Literal rhs = Literal.splat(TensorType.of(DType.BF16, 1000, 1), 1.0078125);
    double exact = 1000 * 1.0078125 * 1.0078125;
    assertThat(dot(matmul(DType.F64), lhs, rhs).get(0)).isEqualTo(exact);
    assertThat(dot(matmul(DType.F32), lhs, rhs).get(0)).isEqualTo((float) exact);
    assertThat(dot(matmul(DType.BF16), lhs, rhs).get(0)).isEqualTo(DType.BF16.round(exact));
  }

  @Test
  void integers() {
    Literal lhs = Literal.generateLongs(TensorType.of(DType.I8, 1, 2), _ -> -128);
    Literal rhs = Literal.generateLongs(TensorType.of(DType.I8, 2, 1), _ -> -128);
    assertThat(dot(matmul(DType.I32), lhs, rhs).getLong(0)).isEqualTo(32768);
    assertThat(dot(matmul(DType.I8), lhs, rhs).getLong(0)).isZero();
  }

  @Test
  void nanSpreadsOnlyOverItsRow() {
    Literal lhs = Literal.ofFloats(new float[] {Float.NaN, 1, 1, 1}, 2, 2);
    Literal rhs = Literal.ofFloats(new float[] {0, 1, 1, 1}, 2, 2);
    assertThat(dot(matmul(DType.F32), lhs, rhs).toDoubles())
        .containsExactly(Double.NaN, Double.NaN, 1, 2);
  }
}
