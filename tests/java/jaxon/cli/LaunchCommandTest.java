package jaxon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `jaxon launch` up to the point where processes start.
class LaunchCommandTest {
  private static final List<String> KNOWN = List.of("train", "launch");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "launch -- train|--processes",
        "launch --processes=0 -- train|--processes is 0; it must be 1 to 4096",
        "launch --processes=-2 -- train|--processes is -2",
        "launch --processes=x -- train|'x' is not an int",
        "launch --processes=2|nothing to launch; write the command after --",
        "launch --processes=2 --|nothing to launch",
        "launch --processes=2 -- trian|there is no command 'trian' to launch; there are train,",
        "launch --processes=2 -- launch|there is no command 'launch' to launch",
        "launch --processes=2 -- train process_id=1|process_id after -- is launch's to give",
        "launch --processes=2 -- train --coordinator=h:1|coordinator after -- is launch's to give",
        "launch --processes=2 --num-processes=4 -- train|give --coordinator=HOST:PORT",
        "launch --processes=2 --coordinator=h -- train|--coordinator is 'h'; write HOST:PORT",
        "launch --processes=2 --first-process=1 -- train|processes 1 to 2 do not fit into 2",
        "launch --processes=2 --first-process=-1 -- train|do not fit",
        "launch --processes=2 --stop-timeout=-1 -- train|--stop-timeout is -1"
      })
  void mistakesInUse(String line, String told) {
    CommandRun run = CommandRun.of(line.split(" "));

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains(told).doesNotContain("\tat ");
  }

  @Test
  void eachProcessIsToldItsNumberAndGetsItsShareOfCores() {
    List<List<String>> commands =
        LaunchPlan.of(2, 2, 4, "h:1", List.of("train", "steps=1"), KNOWN).commands(5);

    assertThat(commands).hasSize(2);
    assertThat(commands.get(1))
        .contains("-XX:ActiveProcessorCount=2", "-Djaxon.launched=true", "jaxon.cli.Jaxon")
        .endsWith("train", "steps=1", "coordinator=h:1", "process_id=3", "num_processes=4");
    assertThat(LaunchPlan.of(3, 0, null, null, List.of("train"), KNOWN).commands(2).getFirst())
        .contains("-XX:ActiveProcessorCount=1")
        .anyMatch(word -> word.matches("coordinator=127\\.0\\.0\\.1:[0-9]+"));
  }

  @Test
  void hostsAreToldWhatToRun() {
    CommandRun run =
        CommandRun.of(
            "launch",
            "--processes=2",
            "--hosts=a,b",
            "--",
            "train",
            "--config=x.yml",
            "prompt=it's");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out().lines())
        .contains(
            "# On b:",
            "bin/jaxon launch --processes=2 --coordinator=a:29500 --first-process=2"
                + " --num-processes=4 -- train --config=x.yml 'prompt=it'\\''s' network_interface=b");
  }

  @Test
  void helpShowsAnExample() {
    CommandRun run = CommandRun.of("launch", "--help");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("Usage: jaxon launch --processes=N", "-- COMMAND", "Example:");
  }
}
