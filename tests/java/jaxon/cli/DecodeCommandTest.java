package jaxon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `jaxon decode` on a model that the interpreter runs in a moment.
class DecodeCommandTest {
  @TempDir private Path place;

  @Test
  void printsPromptsAndTextsAndSaysThatTheParametersAreTheInitialOnes() throws IOException {
    CommandRun run = decode("prompt=ab", "prompt=xyz", "--max-new-tokens=3");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).startsWith("ab").contains(System.lineSeparator() + "xyz");
    assertThat(run.err()).contains("No parameters are loaded", "tok/s", "first token after");
  }

  @Test
  void sameSeedGivesTheSameText() throws IOException {
    String[] drawn = {"prompt=ab", "decode_sampling_strategy=weighted", "--seed=5"};
    assertThat(decode(drawn).out()).isEqualTo(decode(drawn).out());
    drawn[2] = "--seed=6";
    assertThat(decode(drawn).out()).isNotEqualTo(decode("prompt=ab").out());
  }

  @Test
  void promptsMayStandInAFileAndTheWindowEndsThem() throws IOException {
    Path file = Files.writeString(place.resolve("prompts.txt"), "abc\n\nde\n");
    CommandRun run = decode("--prompts=" + file, "per_device_batch_size=1");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).startsWith("abc").contains(System.lineSeparator() + "de");
    assertThat(run.err()).contains("Text 1 ends because its window is full: max_target_length=8");
  }

  @Test
  void modelMustBeNamed() {
    CommandRun run = CommandRun.of("decode", "prompt=ab");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("give load_parameters_path=DIR or --config=NAME");
    assertThat(CommandRun.of("decode", "load_parameters_path=nowhere").err())
        .contains("nowhere does not exist; give a checkpoint")
        .hasLineCount(1);
  }

  @ParameterizedTest
  @CsvSource({
    "prompt=abcdefgh, Prompt 1 has 9 tokens",
    "prompt=ab max_prefill_predict_length=2, allow 2",
    "--prompts=nowhere.txt, cannot read nowhere.txt",
    "--prompts=nowhere.txt prompt=a, leave one of them out",
    "--max-new-tokens=0, must be at least 1",
    "num_virtual_devices=2 ici_pipeline_parallelism=2 ici_fsdp_parallelism=1, not made on a pipeline",
    "prompt=ab vocab_size=100, vocab_size is 100"
  })
  void mistakesAreTold(String arguments, String message) throws IOException {
    CommandRun run = decode(arguments.split(" "));
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains(message).doesNotContain("\tat ");
  }

  private CommandRun decode(String... arguments) throws IOException {
    Path config =
        TinyConfig.write(
            place,
            """
            hardware: interpreter
            vocab_size: 260
            """);
    List<String> all = new ArrayList<>(List.of("decode", "--config=" + config));
    all.addAll(List.of(arguments));
    return CommandRun.of(all.toArray(String[]::new));
  }
}
