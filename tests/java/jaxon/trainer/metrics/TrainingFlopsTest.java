package jaxon.trainer.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

final class TrainingFlopsTest {
  private static final ModelShape LLAMA_3_8B =
      new ModelShape(32, 4096, 14336, 2, 32, 8, 128, 128_256, 8192);
  private static final ModelShape LLAMA_2_7B =
      new ModelShape(32, 4096, 11008, 2, 32, 32, 128, 32_000, 4096);

  /// 744 TFLOP/s at 14,451 tokens/s is what Megatron-Bridge reports for this model and length.
  @Test
  void agreesWithMegatronOnLlama3() {
    assertThat(TrainingFlops.perToken(LLAMA_3_8B) / 1e9).isCloseTo(744e3 / 14_451, within(0.05));
  }

  /// The published sizes of whole models, less input embedding and norms (two a layer and a last
  /// one).
  @Test
  void countsTheParametersOfPublishedModels() {
    long norms = 65L * 4096;
    assertThat(TrainingFlops.matmulParameters(LLAMA_3_8B))
        .isEqualTo(8_030_261_248L - 128_256L * 4096 - norms);
    assertThat(TrainingFlops.matmulParameters(LLAMA_2_7B))
        .isEqualTo(6_738_415_616L - 32_000L * 4096 - norms);
  }

  /// By hand: a layer has 4 * 4096^2 = 67,108,864 and 3 * 4096 * 11008 = 135,266,304 parameters, 32
  /// of them 6,476,005,376, with the head's 131,072,000 6,607,077,376; six times that is
  /// 39,642,464,256. Attention: 6 * 32 * 4096 * 4096 = 3,221,225,472.
  @Test
  void agreesWithAHandCalculationForLlama2() {
    assertThat(TrainingFlops.perToken(LLAMA_2_7B)).isEqualTo(39_642_464_256L + 3_221_225_472L);
  }

  /// One layer with sizes that are all different, each term written out.
  @Test
  void everySizeHasItsPlace() {
    ModelShape shape = new ModelShape(1, 3, 5, 1, 14, 2, 11, 13, 17);
    int matmul = 3 * 14 * 11 + 2 * 3 * 2 * 11 + 14 * 11 * 3 + 2 * 3 * 5 + 3 * 13;
    assertThat(TrainingFlops.perToken(shape)).isEqualTo(6L * (matmul + 14 * 11 * 17));
  }

  @Test
  void aStepIsItsTokens() {
    assertThat(TrainingFlops.perStep(LLAMA_2_7B, 1000)).isEqualTo(42_863_689_728_000.0);
    assertThat(TrainingFlops.perStep(LLAMA_2_7B, 1L << 40)).isGreaterThan(Long.MAX_VALUE);
  }

  @Test
  void rejectsNonsense() {
    assertThatThrownBy(() -> new ModelShape(1, 1, 1, 0, 1, 1, 1, 1, 1))
        .hasMessage("mlpInputs must be at least 1, found 0");
    assertThatThrownBy(() -> TrainingFlops.perStep(LLAMA_2_7B, -1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
