package jaxon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigLoaderTest {

  @TempDir Path root;
  private Sandbox sandbox;

  @BeforeEach
  void makeSandbox() throws IOException {
    sandbox = Sandbox.in(root);
  }

  @Test
  void laterLayersWin() throws IOException {
    sandbox
        .install("base.yml", "steps: 1\nlog_period: 1\nnum_epoch: 1\nnum_threads: 1\n")
        .write("mine.yml", "base_config: base.yml\nlog_period: 2\nnum_epoch: 2\nnum_threads: 2\n");
    Sandbox withVariable = sandbox.with("JAXON_NUM_EPOCH", "3");

    Configuration config = withVariable.load("mine.yml", "num_threads=4");

    assertThat(config.run().initWeightsSeed()).isEqualTo(0);
    assertThat(config.run().steps()).isEqualTo(1);
    assertThat(config.run().logPeriod()).isEqualTo(2);
    assertThat(config.data().numEpoch()).isEqualTo(3);
    assertThat(config.run().numThreads()).isEqualTo(4);
    assertThat(withVariable.load("mine.yml", "num_epoch=5").data().numEpoch()).isEqualTo(5);
  }

  @Test
  void reportsAllProblemsInTheOrderOfTheCommandLine() throws IOException {
    sandbox.install("base.yml", "steps: 10\n");

    List<Problem> problems = sandbox.problems("base.yml", "lerning_rate=1", "steps=-3", "foo=2");

    assertThat(problems)
        .extracting(Problem::subject)
        .containsExactly("lerning_rate", "steps", "foo");
    assertThat(problems).extracting(Problem::origin).containsOnly("command line");
    assertThat(problems.getFirst().advice()).isEqualTo("Did you mean learning_rate?");
    assertThat(problems.get(1).message()).isEqualTo("found -3, which is out of range");
    assertThat(problems.get(1).advice()).isEqualTo("Allowed: a whole number, at least 0.");
    assertThat(problems.get(2).advice()).isEqualTo("--help lists all keys.");
  }

  @Test
  void reportsFilesBeforeEnvironmentBeforeCommandLine() throws IOException {
    sandbox.install("base.yml", "a_a_a: 1\n").write("mine.yml", "b_b_b: 1\n\nbase_config: base\n");

    List<Problem> problems = sandbox.with("JAXON_C_C_C", "1").problems("mine", "d_d_d=1");

    assertThat(problems)
        .extracting(Problem::origin)
        .containsExactly(
            root.resolve("configs/base.yml") + ":1",
            "mine.yml:1",
            "environment JAXON_C_C_C",
            "command line");
  }

  @Test
  void saysByNameThatAMaxTextKeyIsNotDone() {
    Problem problem = sandbox.problemsOfDefaults("shard_mode=explicit").getFirst();

    assertThat(problem.message())
        .isEqualTo("shard_mode is a MaxText key that Jaxon does not do yet");
  }

  @Test
  void saysByNameThatAMaxTextValueIsNotDone() {
    List<Problem> problems =
        sandbox.problemsOfDefaults("dataset_type=tfds", "context=offload", "opt_type=muon");

    assertThat(problems)
        .extracting(Problem::message)
        .containsExactly(
            "tfds is a MaxText value that Jaxon does not do yet",
            "offload is a MaxText value that Jaxon does not do yet",
            "muon is a MaxText value that Jaxon does not do yet");
    assertThat(problems.getFirst().advice())
        .isEqualTo("Allowed: one of synthetic, text, jsonl, parquet.");
  }

  @Test
  void onlyTheWinningValueIsChecked() throws IOException {
    sandbox.write("mine.yml", "dataset_type: tfds\nsteps: many\n");

    Configuration config = sandbox.load("mine", "dataset_type=synthetic", "steps=1");

    assertThat(config.run().steps()).isEqualTo(1);
  }

  @Test
  void aMissingFileDoesNotHideTheOtherProblems() {
    List<Problem> problems = sandbox.problems("nowhere", "foo_foo=1", "dataset_type=text");

    assertThat(problems)
        .extracting(Problem::subject)
        .containsExactly("--config=nowhere", "foo_foo");
  }

  @Test
  void pathsStartFromTheFileThatSetsThem() throws IOException {
    sandbox.write("deep/er/mine.yml", "dataset_path: ../data\nbase_output_directory: runs\n");

    Configuration config = sandbox.load("deep/er/mine", "tokenizer_path=tok/../tok.json");

    assertThat(config.data().datasetPath()).contains(root.resolve("work/deep/data"));
    assertThat(config.run().baseOutputDirectory()).isEqualTo(root.resolve("work/runs"));
    assertThat(config.tokenizer().tokenizerPath()).contains(root.resolve("work/tok.json"));
  }

  @Test
  void pathsOfABaseFileStartFromThatFile() throws IOException {
    sandbox.install("base.yml", "dataset_path: .\n").write("mine.yml", "base_config: base.yml\n");

    assertThat(sandbox.load("mine").data().datasetPath()).contains(root.resolve("configs"));
  }

  @Test
  void theMessageIsANumberedList() throws IOException {
    sandbox.install("base.yml", "steps: 10\n");

    assertThat(catchThrowable(() -> sandbox.load("base.yml", "stps=1", "dtype=float46")))
        .hasMessage(
            """
            The configuration has 2 problems:
              1. stps (command line): there is no such key
                 Did you mean steps?
              2. dtype (command line): found float46
                 Allowed: one of float32, bfloat16, float64. Did you mean float64?\
            """);
  }

  @Test
  void aLongListIsCut() {
    String[] overrides = new String[60];
    for (int i = 0; i < overrides.length; i++) {
      overrides[i] = "zz" + i + "=1";
    }

    assertThat(catchThrowable(() -> sandbox.defaults(overrides)))
        .hasMessageStartingWith("The configuration has 60 problems:")
        .hasMessageEndingWith("… and 10 more.");
  }
}
