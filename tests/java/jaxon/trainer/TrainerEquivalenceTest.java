package jaxon.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Settings that must not change the losses of a run, and some that must.
class TrainerEquivalenceTest {
  @TempDir private static Path place;
  private static List<Double> losses;
  private static int runs;

  @BeforeAll
  static void train() {
    losses = losses();
    assertThat(losses).hasSize(4).doesNotHaveDuplicates();
  }

  @Test
  void sameSeedsGiveTheSameDigits() {
    assertThat(losses()).isEqualTo(losses);
  }

  @Test
  void otherWeightsGiveOtherLosses() {
    assertThat(losses("init_weights_seed=1").getFirst()).isNotEqualTo(losses.getFirst());
  }

  @Test
  void otherOrderOfTheDataGivesOtherLosses() {
    assertThat(losses("data_shuffle_seed=1")).isNotEqualTo(losses);
  }

  @Test
  void unrolledLayersAreTheSameModel() {
    assertClose(losses("scan_layers=false"), 1e-6);
  }

  @ParameterizedTest
  @ValueSource(strings = {"full", "minimal", "save_qkv_proj"})
  void recomputingInTheBackwardPassChangesNoDigit(String policy) {
    assertThat(losses("remat_policy=" + policy)).isEqualTo(losses);
  }

  /// One update takes `per_device_batch_size * gradient_accumulation_steps` rows, so these see the
  /// same rows, and the loss is that of all of them.
  @Test
  void accumulatingGradientsChangesNothingButMemory() {
    assertClose(losses("per_device_batch_size=2", "gradient_accumulation_steps=2"), 1e-5);
    assertClose(losses("per_device_batch_size=1", "gradient_accumulation_steps=4"), 1e-5);
  }

  @Test
  void bfloat16ComputeIsCloseToFloat32() {
    List<Double> rounded = losses("dtype=bfloat16");
    assertThat(rounded).isNotEqualTo(losses);
    assertClose(rounded, 2e-2);
  }

  private static void assertClose(List<Double> found, double tolerance) {
    assertThat(found).hasSameSizeAs(losses);
    for (int i = 0; i < found.size(); i++) {
      assertThat(found.get(i)).isCloseTo(losses.get(i), within(tolerance * losses.get(i)));
    }
  }

  private static List<Double> losses(String... overrides) {
    String[] all =
        Stream.concat(
                Stream.of(
                    "run_name=run" + runs++,
                    "steps=4",
                    "base_num_decoder_layers=2",
                    "per_device_batch_size=4",
                    "enable_tensorboard=false"),
                Stream.of(overrides))
            .toArray(String[]::new);
    return TinyRun.train(place, all).losses();
  }
}
