package jaxon.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `num_threads` changes no bit of what the cpu engine trains.
class ThreadIndependenceTest {
  /// Sizes that no tile, block or vector divides, and large enough for many tasks in every kernel.
  private static final String[] ODD = {
    "vocab_size=1031",
    "base_emb_dim=67",
    "base_num_query_heads=6",
    "base_num_kv_heads=3",
    "head_dim=22",
    "base_mlp_dim=149",
    "per_device_batch_size=5",
    "max_target_length=139",
    "remat_policy=minimal",
    "steps=4",
  };

  @TempDir private static Path place;

  @ParameterizedTest
  @ValueSource(strings = {"float32", "bfloat16"})
  void trainingIsTheSameToTheBit(String dtype) {
    TrainedModel alone = train(dtype, 1);
    assertThat(alone.losses()).doesNotHaveDuplicates();
    for (int threads : new int[] {2, 3, 5}) {
      TrainedModel shared = train(dtype, threads);
      assertThat(shared.losses()).as("losses with %d threads", threads).isEqualTo(alone.losses());
      assertThat(shared.params().keySet()).isEqualTo(alone.params().keySet());
      for (String path : alone.params().keySet()) {
        // Literals are equal bit for bit; in words they would fill the report.
        assertThat(Objects.equals(shared.params().get(path), alone.params().get(path)))
            .as("same bits of %s with %d threads", path, threads)
            .isTrue();
      }
    }
  }

  private static TrainedModel train(String dtype, int threads) {
    Stream<String> variant = Stream.of("dtype=" + dtype, "num_threads=" + threads);
    return TrainedModel.train(
        place, "cpu", Stream.concat(Stream.of(ODD), variant).toArray(String[]::new));
  }
}
