package jaxon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `jaxon train`, from the arguments to the exit code.
class TrainCommandTest {
  @TempDir private Path place;

  @Test
  void reportsEveryProblemAtOnceAndTrainsNothing() throws IOException {
    CommandRun run = train("lerning_rate=1", "steps=-3", "foo=2");

    assertThat(run.exitCode()).isEqualTo(2);
    List<String> problems =
        run.err().lines().filter(line -> line.matches(" *\\d+\\. .*")).map(String::strip).toList();
    assertThat(problems).hasSize(3);
    assertThat(problems.get(0)).startsWith("1. lerning_rate (command line)");
    assertThat(run.err())
        .contains("3 problems")
        .containsIgnoringCase("did you mean learning_rate?");
    assertThat(run.err()).contains("steps (command line)", "foo (command line)");
    assertThat(run.err()).doesNotContain("\tat ");
    assertThat(place.resolve("out")).doesNotExist();
  }

  @Test
  void helpListsTheParameters() {
    CommandRun run = CommandRun.of("train", "--help");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains("Usage: jaxon train", "--config=NAME", "KEY=VALUE", "Parameters:")
        .contains("learning_rate = 3e-5", "gradient_accumulation_steps = 1");
  }

  @Test
  void unknownConfigurationIsAMistakeInUse() {
    CommandRun run = CommandRun.of("train", "--config=nothing.yml");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("nothing.yml").doesNotContain("\tat ");
  }

  @Test
  void trainsAndSucceeds() throws IOException {
    assertThat(train("steps=1", "--run_name=done").exitCode()).isZero();
    assertThat(Files.readAllLines(place.resolve("out/done/metrics.jsonl"))).hasSize(1);
  }

  @Test
  void directoryOfAnEarlierRunIsAMistakeInUse() throws IOException {
    Path earlier = Files.createDirectories(place.resolve("out/run"));
    Files.writeString(earlier.resolve("config.yml"), "");
    CommandRun run = train("steps=1");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err().lines()).singleElement().asString().contains("already holds a run");
  }

  @Test
  void runNameThatIsAPathIsAMistakeInUse() throws IOException {
    CommandRun run = train("run_name=a/b");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("run_name 'a/b'");
  }

  @Test
  void missingDataIsAMistakeInUse() throws IOException {
    CommandRun run = train("dataset_path=none.txt");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("none.txt").doesNotContain("\tat ");
  }

  @Test
  void lossThatIsNotANumberIsAFailure() throws IOException {
    CommandRun run =
        train("steps=9", "opt_type=sgd", "learning_rate=1e38", "gradient_clipping_threshold=0");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err().lines())
        .singleElement()
        .asString()
        .startsWith("the loss of step 2 is NaN, on batch 2");
  }

  @Test
  void metricsThatCannotBeWrittenAreAFailureInOneLine() throws IOException {
    Path blocked = Files.writeString(place.resolve("blocked"), "");
    CommandRun run = train("steps=1", "metrics_file=" + blocked.resolve("metrics.jsonl"));
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err().lines())
        .singleElement()
        .asString()
        .startsWith("cannot open metrics file " + blocked);
  }

  private CommandRun train(String... overrides) throws IOException {
    Path corpus = Files.writeString(place.resolve("corpus.txt"), "abcd".repeat(40));
    String more =
        """
        run_name: run
        base_output_directory: "%s"
        hardware: interpreter
        vocab_size: 260
        dataset_type: text
        dataset_path: "%s"
        num_epoch: 1000
        per_device_batch_size: 2
        warmup_steps_fraction: 0
        enable_tensorboard: false
        """
            .formatted(place.resolve("out"), corpus);
    String[] all = new String[overrides.length + 2];
    all[0] = "train";
    all[1] = "--config=" + TinyConfig.write(place, more);
    System.arraycopy(overrides, 0, all, 2, overrides.length);
    return CommandRun.of(all);
  }
}
