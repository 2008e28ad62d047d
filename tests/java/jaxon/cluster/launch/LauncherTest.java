package jaxon.cluster.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import jaxon.cluster.ChildJvm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LauncherTest {
  private static final Patience SHORT =
      new Patience(Duration.ofMillis(200), Duration.ofMillis(200), Duration.ofMillis(300));

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int launch(Patience patience, String... scripts)
      throws IOException, InterruptedException {
    List<List<String>> commands =
        Stream.of(scripts).map(script -> List.of("/bin/sh", "-c", script)).toList();
    return new Launcher(commands, 0, patience, new PrintStream(out), new PrintStream(err)).run();
  }

  @Test
  void allSucceed() throws Exception {
    assertThat(launch(Patience.USUAL, "echo a; printf 'b\\nno end'", "echo ä")).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8).lines())
        .containsExactlyInAnyOrder("[0] a", "[0] b", "[0] no end", "[1] ä");
    assertThat(err.size()).isZero();
  }

  @Test
  void firstFailureInTimeIsTheExitCode() throws Exception {
    assertThat(launch(Patience.USUAL, "sleep 0.5; exit 4", "exit 3")).isEqualTo(3);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .isEqualTo("launch: process 1 ended with exit code 3\n");
  }

  @Test
  void othersMayTellTheirOwnError() throws Exception {
    assertThat(launch(Patience.USUAL, "sleep 0.5; echo 'process 1 is gone' >&2; exit 1", "exit 2"))
        .isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("[0] process 1 is gone");
  }

  @Test
  void othersAreTerminatedAndThenKilled() throws Exception {
    int code =
        launch(
            SHORT,
            "trap 'echo told; exit 0' TERM; while :; do sleep 0.05; done",
            "trap '' TERM; while :; do sleep 0.05; done",
            "kill -9 $$");
    assertThat(code).isEqualTo(137);
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("[0] told\n");
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains(
            "process 2 ended with exit code 137 (SIGKILL", "launch: stopping what still runs");
  }

  @Test
  void errorsThatAllFindAreShownOnce() throws Exception {
    String script = "echo 'a mistake' >&2; echo 'a mistake' >&2; echo mine >&2; exit 2";
    assertThat(launch(Patience.USUAL, script, script.replace("mine", "other"), script))
        .isEqualTo(2);
    assertThat(
            err.toString(StandardCharsets.UTF_8)
                .lines()
                .map(line -> line.replaceAll("\\[\\d\\] ", "")))
        .filteredOn(line -> !line.startsWith("launch:"))
        .containsExactlyInAnyOrder("a mistake", "a mistake", "mine", "other");
  }

  @Test
  void lineWithoutEndIsCut() throws Exception {
    assertThat(launch(Patience.USUAL, "head -c 100000 /dev/zero | tr '\\0' x")).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8).lines().map(String::length))
        .containsExactly((1 << 16) + 4, 100_000 - (1 << 16) + 4);
  }

  @Test
  void programThatIsNotThereStopsTheOthers() {
    List<List<String>> commands =
        List.of(List.of("/bin/sh", "-c", "sleep 100"), List.of("/no/such/program"));
    Launcher launcher =
        new Launcher(commands, 0, SHORT, new PrintStream(out), new PrintStream(err));
    assertThatThrownBy(launcher::run)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("/no/such");
  }

  @Test
  void signalReachesTheProcessesAndIsTheExitCode() throws Exception {
    String patient = "trap 'echo bye; exit 0' TERM; echo ready; while :; do sleep 0.05; done";
    try (ChildJvm launcher = ChildJvm.start(LauncherMain.class, patient, patient)) {
      assertThat(launcher.line("[0] ready", 20)).isPresent();
      launcher.process().toHandle().destroy();
      assertThat(launcher.line("[", 10)).isPresent();
      assertThat(launcher.process().waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(launcher.process().exitValue()).isEqualTo(143);
    }
  }

  @Test
  void processThatIgnoresTheSignalIsKilled() throws Exception {
    String deaf = "trap '' TERM; echo pid $$; while :; do sleep 0.05; done";
    try (ChildJvm launcher = ChildJvm.start(LauncherMain.class, deaf)) {
      ProcessHandle child = pid(launcher, 0);
      launcher.process().toHandle().destroy();
      assertThat(launcher.line("launch: processes still run after 2 s", 20)).isPresent();
      assertThat(launcher.process().waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(launcher.process().exitValue()).isEqualTo(143);
      assertThat(child.isAlive()).isFalse();
    }
  }

  @Test
  void noProcessOutlivesAKilledLauncher() throws Exception {
    try (ChildJvm launcher = ChildJvm.start(LauncherMain.class, "watched")) {
      ProcessHandle child = pid(launcher, 0);
      assertThat(child.isAlive()).isTrue();
      launcher.process().destroyForcibly();
      assertThat(child.onExit().get(20, TimeUnit.SECONDS).isAlive()).isFalse();
    }
  }

  private static ProcessHandle pid(ChildJvm launcher, int process) throws InterruptedException {
    String start = "[" + process + "] pid ";
    String line = launcher.line(start, 20).orElseThrow();
    return ProcessHandle.of(Long.parseLong(line.substring(start.length()))).orElseThrow();
  }
}
