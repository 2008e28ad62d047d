package jaxon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `jaxon bench`, from the arguments to the exit code.
class BenchCommandTest {
  @TempDir private Path place;

  @Test
  void helpListsTheOptions() {
    assertThat(CommandRun.of("bench", "--help").out()).contains("train-step");
    CommandRun run = CommandRun.of("bench", "train-step", "--help");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("--config=NAME", "--steps", "--warmup", "--json", "KEY=VALUE");
  }

  @Test
  void contestantsMustBeThere() throws IOException {
    CommandRun peers = CommandRun.of("bench", "peers", "--config=" + tiny(), "--contestants=torch");
    assertThat(peers.exitCode()).isEqualTo(2);
    assertThat(peers.err()).contains("there is no contestant 'torch'", "interpreter");
    assertThat(CommandRun.of("bench", "attention", "--contestants=torch").exitCode()).isEqualTo(2);
    assertThat(CommandRun.of("bench", "attention", "--contestants=cpu", "--lengths=3").err())
        .contains("--lengths must divide --tokens");
  }

  @Test
  void attentionIsTimedForEachLength() {
    CommandRun run =
        CommandRun.of(
            "bench",
            "attention",
            "--contestants=cpu",
            "--lengths=2,4",
            "--tokens=8",
            "--warmup=0",
            "--tries=1",
            "--json");
    assertThat(run.err()).isEmpty();
    assertThat(run.out().lines().map(JsonMapper.shared()::readTree))
        .extracting(line -> line.get("length").asInt())
        .containsExactly(2, 4);
  }

  @Test
  void mistakesAreTold() throws IOException {
    assertThat(CommandRun.of("bench").err()).contains("Missing a command");
    assertThat(CommandRun.of("bench", "train-step").exitCode()).isEqualTo(2);
    assertThat(trainStep("--steps=0").err()).contains("--steps must be at least 1");
    CommandRun run = trainStep("lerning_rate=1");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).containsIgnoringCase("did you mean learning_rate?");
    assertThat(run.out()).isEmpty();
  }

  @Test
  void printsOneJsonObjectForAConfiguration() throws IOException {
    CommandRun run = trainStep("--steps=1", "--warmup=0", "--json", "--num_threads=1");
    assertThat(run.err()).startsWith("Memory ").contains("predicted").hasLineCount(1);
    List<JsonNode> lines = run.out().lines().map(JsonMapper.shared()::readTree).toList();
    assertThat(lines).hasSize(1);
    for (JsonNode line : lines) {
      assertThat(line.propertyNames())
          .contains("config", "dtype", "tokens_per_second", "model_gflops")
          .contains("gemm_roofline_gflops", "roofline_fraction", "copy_bandwidth_gbs")
          .contains("peak_memory_bytes", "time_to_first_step_seconds");
      assertThat(line.get("threads").asInt()).isEqualTo(1);
      assertThat(line.get("tokens_per_step").asInt()).isEqualTo(16);
    }
    assertThat(lines.getFirst().get("first_loss").asDouble()).isPositive();
  }

  private CommandRun trainStep(String... arguments) throws IOException {
    List<String> all = new ArrayList<>(List.of("bench", "train-step", "--config=" + tiny()));
    all.addAll(List.of(arguments));
    return CommandRun.of(all.toArray(String[]::new));
  }

  private Path tiny() throws IOException {
    return TinyConfig.write(
        place,
        """
        hardware: interpreter
        vocab_size: 32
        remat_policy: none
        dataset_type: synthetic
        per_device_batch_size: 2
        """);
  }
}
