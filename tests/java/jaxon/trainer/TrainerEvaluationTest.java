package jaxon.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Evaluation within a run.
class TrainerEvaluationTest {
  @TempDir private Path place;

  @Test
  void evaluatesWhenDueAndAtTheEnd() {
    TinyRun run = TinyRun.train(place, "steps=5", "eval_interval=2", "eval_split_fraction=0.2");

    assertThat(run.output().lines().filter(line -> line.contains("evaluation loss")))
        .map(line -> line.replaceAll(": .*", ""))
        .startsWith("step 2", "step 4", "step 5");
    assertThat(run.metrics())
        .as("one object per step")
        .extracting(line -> line.get("step").asInt())
        .containsExactly(0, 1, 2, 3, 4);
    List<JsonNode> evaluations =
        run.metrics().stream().filter(line -> line.has("evaluation/avg_loss")).toList();
    assertThat(evaluations).extracting(line -> line.get("step").asInt()).containsExactly(1, 3, 4);
    for (JsonNode line : evaluations) {
      double loss = line.get("evaluation/avg_loss").asDouble();
      assertThat(line.get("evaluation/avg_perplexity").asDouble())
          .isCloseTo(Math.exp(loss), within(1e-9 * Math.exp(loss)));
      // A fifth of 160 bytes, and the begin and end tokens as configured.
      assertThat(line.get("evaluation/total_weights").asDouble()).isBetween(28.0, 36.0);
    }
  }

  @Test
  void evaluationStartsWhereToldAndLooksAtAsManyBatchesAsTold() {
    TinyRun run =
        TinyRun.train(
            place,
            "steps=5",
            "eval_interval=1",
            "eval_start_step=4",
            "eval_steps=1",
            "eval_split_fraction=0.5");
    List<JsonNode> evaluations =
        run.metrics().stream().filter(line -> line.has("evaluation/avg_loss")).toList();
    assertThat(evaluations).extracting(line -> line.get("step").asInt()).containsExactly(3, 4);
    assertThat(evaluations.getFirst().get("evaluation/total_weights").asDouble()).isEqualTo(16);
  }

  @Test
  void evaluationAveragesOverTokensWhateverTheBatches() {
    // 33 or so tokens in rows of 8: with batches of one, the last is ragged; with four, mostly
    // padding.
    List<Double> byOne = evaluation("one", "eval_per_device_batch_size=1");
    List<Double> byTwo = evaluation("two", "eval_per_device_batch_size=2");
    List<Double> byFour = evaluation("four", "eval_per_device_batch_size=4");
    assertThat(byTwo.get(1)).isEqualTo(byOne.get(1)).isEqualTo(byFour.get(1));
    assertThat(byTwo.get(1) % 8).as("tokens in the last row").isNotZero();
    assertThat(byTwo.get(0)).isCloseTo(byOne.get(0), within(1e-6));
    assertThat(byFour.get(0)).isCloseTo(byOne.get(0), within(1e-6));
  }

  /// Loss and weights of the last evaluation.
  private List<Double> evaluation(String name, String... overrides) {
    String[] all =
        Stream.concat(
                Stream.of("run_name=" + name, "eval_interval=10", "eval_split_fraction=0.21"),
                Stream.of(overrides))
            .toArray(String[]::new);
    TinyRun run = TinyRun.train(place, all);
    return List.of(
        run.scalars("evaluation/avg_loss").getLast(),
        run.scalars("evaluation/total_weights").getLast());
  }

  @Test
  void stopsAtTheTargetLossAndDoesNotEvaluateAgain() {
    TinyRun run =
        TinyRun.train(
            place, "steps=9", "eval_interval=2", "target_eval_loss=100", "eval_split_fraction=0.2");
    assertThat(run.losses()).hasSize(2);
    assertThat(run.scalars("evaluation/avg_loss")).hasSize(1);
    assertThat(run.output()).contains("has reached target_eval_loss; stopping");
  }

  @Test
  void targetOfZeroNeverStops() {
    TinyRun run = TinyRun.train(place, "eval_interval=1", "eval_split_fraction=0.2");
    assertThat(run.losses()).hasSize(3);
  }
}
