package jaxon.trainer.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.trainer.HostRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GlobalNormTest {
  private static final double[] SIX = {3, -4, 0, 12, 1, -0.5};
  private static final double NORM = Math.sqrt(9 + 16 + 144 + 1 + 0.25);

  @Test
  void isTheNormOfAllLeavesTogether() {
    assertThat(norm(SIX)).isCloseTo(NORM, within(1e-5));
    assertThat(norm(new double[6])).isZero();
  }

  @Test
  void float64LeavesHaveAFloat64Norm() {
    Literal norm = norm(DType.F64, SIX);
    assertThat(norm.type().dtype()).isEqualTo(DType.F64);
    assertThat(norm.get(0)).isCloseTo(NORM, within(1e-14));
  }

  @Test
  void bfloat16LeavesAreSummedInFloat32() {
    Literal norm = norm(DType.BF16, 256, 1, 1, 1, 1, 1);
    assertThat(norm.type().dtype()).isEqualTo(DType.F32);
    assertThat(norm.get(0)).isCloseTo(Math.sqrt(65536 + 5), within(1e-4));
  }

  @Test
  void aboveTheThresholdTheNormBecomesIt() {
    double[] clipped = clip(DType.F32, 1.0, SIX);
    assertThat(norm(clipped)).isCloseTo(1, within(1e-6));
    for (int i = 0; i < 6; i++) {
      assertThat(clipped[i]).isCloseTo(SIX[i] / NORM, within(1e-6));
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {14, 1e9})
  void belowTheThresholdNothingChanges(double threshold) {
    assertThat(clip(DType.F32, threshold, SIX)).containsExactly(SIX);
  }

  @Test
  void exactlyAtTheThresholdNothingChanges() {
    assertThat(clip(DType.F32, 5, 3, 4, 0, 0, 0, 0)).containsExactly(3, 4, 0, 0, 0, 0);
  }

  @Test
  void zeroGradientsStayZero() {
    assertThat(clip(DType.F32, 1, new double[6])).containsOnly(0);
  }

  @Test
  void bfloat16LeavesAreScaledByAFactorOfFullPrecision() {
    double factor = 1 / Math.sqrt(9 + 16 + 144 + 1 + 0.25);
    double[] clipped = clip(DType.BF16, 1.0, SIX);
    for (int i = 0; i < 6; i++) {
      // Half a unit in the last place: one rounding, not two.
      assertThat(clipped[i])
          .isCloseTo(SIX[i] * factor, within(0x1p-9 * 1.001 * Math.abs(SIX[i] * factor) * 2));
    }
  }

  @Test
  void gradientThatIsNotANumberIsNotHidden() {
    assertThat(clip(DType.F32, 1, Double.NaN, 1, 1, 1, 1, 1)[0]).isNaN();
  }

  private static double norm(double... six) {
    return norm(DType.F32, six).get(0);
  }

  private static Literal norm(DType dtype, double... six) {
    return HostRun.run(Weights.template(dtype), GlobalNorm::of, Weights.values(dtype, six))
        .getFirst();
  }

  private static double[] clip(DType dtype, double threshold, double... six) {
    List<Literal> leaves =
        HostRun.run(
            Weights.template(dtype),
            tree -> GlobalNorm.clip(tree, GlobalNorm.of(tree), threshold),
            Weights.values(dtype, six));
    assertThat(leaves).extracting(leaf -> leaf.type().dtype()).containsOnly(dtype);
    return Weights.six(leaves, 0);
  }
}
