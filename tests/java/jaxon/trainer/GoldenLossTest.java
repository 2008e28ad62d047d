package jaxon.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The first losses of the tiny models, made narrower still, so that a change of the numbers does
/// not go unnoticed.
///
/// `-Dgolden.update=true` writes the files instead, but not where the environment variable `CI` is
/// set.
class GoldenLossTest {
  private static final String HEADER = "step,loss";
  private static final String TEXT =
      """
      A program is traced into a graph, differentiated, partitioned over a mesh of devices and
      compiled; the trainer is a thin script over that. What a reader must know stands where it is
      needed, and what is said once is not said again. The same seed gives the same numbers.
      """;

  @TempDir private Path place;

  @ParameterizedTest
  @CsvSource({"llama2-tiny, 4", "llama3.1-tiny, 2"})
  void firstLossesAreTheKnownOnes(String model, int kvHeads) throws IOException {
    Files.writeString(place.resolve("corpus.txt"), TEXT);
    List<Double> losses =
        TinyRun.train(
                place,
                "model_name=" + model,
                "override_model_config=true",
                "vocab_size=260",
                "base_emb_dim=16",
                "base_num_decoder_layers=2",
                "head_dim=4",
                "base_num_query_heads=4",
                "base_num_kv_heads=" + kvHeads,
                "base_mlp_dim=24",
                "max_target_length=16",
                "steps=20",
                "warmup_steps_fraction=0.1",
                "enable_tensorboard=false")
            .losses();
    assertThat(losses).hasSize(20);
    Path file =
        Path.of(System.getProperty("basedir", "."), "resources/golden")
            .resolve("GoldenLossTest.firstLossesAreTheKnownOnes." + model + ".csv");
    if (Boolean.getBoolean("golden.update") && System.getenv("CI") == null) {
      write(file, losses);
    }
    assertThat(file).as("no golden losses yet: run with -Dgolden.update=true").exists();
    check(losses, Files.readAllLines(file));
  }

  private static void check(List<Double> losses, List<String> golden) {
    assertThat(golden.getFirst()).isEqualTo(HEADER);
    assertThat(golden).hasSize(1 + losses.size());
    for (int step = 0; step < losses.size(); step++) {
      String[] row = golden.get(1 + step).split(",", -1);
      assertThat(row[0]).isEqualTo(Integer.toString(step));
      double expected = Double.parseDouble(row[1]);
      assertThat(losses.get(step))
          .as("step %d; if the change is meant, run with -Dgolden.update=true", step)
          .isCloseTo(expected, within(1e-6 * expected));
    }
  }

  private static void write(Path file, List<Double> losses) throws IOException {
    List<String> lines = new ArrayList<>(List.of(HEADER));
    for (int step = 0; step < losses.size(); step++) {
      lines.add(step + "," + losses.get(step));
    }
    Files.createDirectories(file.getParent());
    Files.write(file, lines);
  }
}
