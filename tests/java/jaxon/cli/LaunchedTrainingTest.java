package jaxon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jaxon.cluster.launch.Launcher;
import jaxon.cluster.launch.Patience;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Training in several processes, started as a user starts it.
class LaunchedTrainingTest {
  private static final Pattern LOSS = Pattern.compile("\"learning/loss\":([-0-9.E]+)");

  @TempDir private static Path place;

  /// What a launch printed, and its exit code.
  private record Launch(int code, String out, String err) {}

  private static List<String> training(String name, String... more) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "train",
                "--config=" + Path.of("../configs/base.yml").toAbsolutePath().normalize(),
                "dataset_type=synthetic",
                "base_num_decoder_layers=1",
                "base_emb_dim=16",
                "base_num_query_heads=2",
                "base_num_kv_heads=2",
                "head_dim=8",
                "base_mlp_dim=32",
                "vocab_size=64",
                "max_target_length=16",
                "per_device_batch_size=1",
                "eval_interval=-1",
                "sample_length=0",
                "opt_type=sgd",
                "steps=4",
                "base_output_directory=" + place,
                "run_name=" + name));
    command.addAll(List.of(more));
    return command;
  }

  private static Launch launch(int processes, List<String> command) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    LaunchPlan plan = LaunchPlan.of(processes, 0, null, null, command, List.of("train"));
    int code =
        new Launcher(
                plan.commands(2),
                0,
                Patience.USUAL,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8))
            .run();
    return new Launch(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private List<Double> losses(String name) throws Exception {
    List<Double> losses = new ArrayList<>();
    for (String line : Files.readAllLines(place.resolve(name).resolve("metrics.jsonl"))) {
      Matcher loss = LOSS.matcher(line);
      assertThat(loss.find()).as(line).isTrue();
      losses.add(Double.valueOf(loss.group(1)));
    }
    return losses;
  }

  @BeforeAll
  static void trainInOneProcess() {
    CommandRun alone =
        CommandRun.of(training("alone", "num_virtual_devices=2").toArray(String[]::new));
    assertThat(alone.exitCode()).as(alone.err()).isZero();
  }

  @Test
  void processesTrainAsVirtualDevicesDo() throws Exception {
    Launch together = launch(2, training("together"));
    assertThat(together.code()).as(together.err()).isZero();
    assertThat(together.out()).contains("[0] step 4/4").doesNotContain("[1] step");
    assertThat(losses("together")).hasSize(4).isEqualTo(losses("alone"));
    assertSameState("alone", "together");
  }

  /// The state that the runs have saved at their ends.
  private void assertSameState(String one, String other) {
    CommandRun diff =
        CommandRun.of("checkpoint", "diff", "" + place.resolve(one), "" + place.resolve(other));
    assertThat(diff.exitCode()).as(diff.out() + diff.err()).isZero();
  }

  @Test
  void processesGoOnWhereOneProcessStopped() throws Exception {
    String[] half = {"num_virtual_devices=2", "steps=2", "learning_rate_schedule_steps=4"};
    CommandRun first = CommandRun.of(training("parts", half).toArray(String[]::new));
    assertThat(first.exitCode()).as(first.err()).isZero();
    Launch second = launch(2, training("parts", "checkpoint_period=1"));
    assertThat(second.code()).as(second.err()).isZero();
    assertThat(second.out()).contains("Resuming   from step 2");
    assertThat(losses("parts")).hasSize(4).isEqualTo(losses("alone"));
    assertSameState("alone", "parts");
    CommandRun list = CommandRun.of("checkpoint", "verify", "" + place.resolve("parts"));
    assertThat(list.exitCode()).isZero();
    assertThat(list.out()).contains("2: intact", "3: intact", "4: intact");
  }

  @Test
  void processesWithDifferentConfigurationsAreToldSo() throws Exception {
    List<List<String>> commands =
        new ArrayList<>(
            LaunchPlan.of(2, 0, null, null, training("apart"), List.of("train")).commands(2));
    List<String> other = new ArrayList<>(commands.get(1));
    other.add(other.indexOf("steps=4"), "learning_rate=0.5");
    commands.set(1, other);
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream print = new PrintStream(err, true, StandardCharsets.UTF_8);
    int code = new Launcher(commands, 0, Patience.USUAL, print, print).run();
    assertThat(code).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("learning_rate")
        .doesNotContain("\tat ");
  }
}
