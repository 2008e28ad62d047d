package jaxon.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How runs end: trained, out of data, with a sample of text.
class TrainerEndTest {
  @TempDir private Path place;

  @Test
  void learnsWhatIsEasyToLearn() {
    List<Double> losses = TinyRun.train(place, "steps=60", "learning_rate=5e-2").losses();
    assertThat(losses).hasSize(60);
    assertThat(losses.getFirst()).isGreaterThan(5);
    assertThat(losses.getLast()).isLessThan(0.5);
  }

  @Test
  void endOfTheDataEndsTheRun() {
    TinyRun run = TinyRun.train(place, "steps=50", "num_epoch=1");
    // 160 bytes with begin and end are 161 pairs: 21 rows, so 11 batches, the last of one row.
    assertThat(run.losses()).hasSize(11);
    assertThat(run.output()).contains("The training data ended after 11 steps (num_epoch).");
    assertThat(run.output()).contains("| steps ");
    assertThat(run.scalars("learning/total_weights").getLast()).isLessThan(16);
  }

  @Test
  void endOfTheDataAtAnEvaluationIsNotEvaluatedTwice() {
    TinyRun run =
        TinyRun.train(
            place, "steps=50", "num_epoch=1", "eval_interval=1", "eval_split_fraction=0.3");
    assertThat(run.scalars("evaluation/avg_loss")).hasSameSizeAs(run.losses());
  }

  @Test
  void noStepsLeaveAnUntrainedModelThatIsEvaluatedAndSampled() {
    TinyRun run =
        TinyRun.train(
            place,
            "steps=0",
            "eval_interval=1",
            "eval_split_fraction=0.2",
            "sample_length=2",
            "prompt=ab");
    assertThat(run.losses()).isEmpty();
    assertThat(run.metrics())
        .singleElement()
        .satisfies(line -> {
          assertThat(line.get("step").asInt()).isZero();
          assertThat(line.get("evaluation/avg_loss").asDouble()).isCloseTo(5.56, within(0.5));
        });
    assertThat(run.output()).contains("[ab]", "| outputs ");
  }

  @Test
  void printsASampleOfWhatWasLearnedFromAPromptOfAnyLength() throws IOException {
    Files.writeString(place.resolve("corpus.txt"), "a".repeat(160));
    for (String prompt : List.of("aaa", "a".repeat(20))) {
      TinyRun run =
          TinyRun.train(
              place,
              "run_name=" + prompt,
              "steps=20",
              "learning_rate=5e-2",
              "sample_length=4",
              "prompt=" + prompt);
      assertThat(run.output()).contains("Sample (prompt in brackets):", "[" + prompt + "]aaaa");
    }
  }

  @Test
  void weightedSamplingOfAnUntrainedModelPrintsWhatItCan() {
    TinyRun run =
        TinyRun.train(
            place,
            "steps=0",
            "sample_length=20",
            "decode_sampling_strategy=weighted",
            "decode_sampling_temperature=0.5",
            "prompt=");
    assertThat(run.output()).contains("[]");
  }
}
