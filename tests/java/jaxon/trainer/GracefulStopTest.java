package jaxon.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import jaxon.checkpoint.CheckpointStore;
import jaxon.trainer.metrics.Terminal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// A signal to a process that trains.
class GracefulStopTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir private Path place;

  /// The process: trains as the arguments say, which are overrides after the first, the place.
  static final class Child {
    private Child() {}

    public static void main(String[] arguments) {
      Path place = Path.of(arguments[0]);
      String[] overrides = List.of(arguments).subList(1, arguments.length).toArray(String[]::new);
      Trainer.train(TinyRun.config(place, overrides), Terminal.ofStandardOutput());
    }
  }

  @Test
  void terminationEndsTheRunAfterItsStep() throws IOException, InterruptedException {
    Process child = start("steps=1000000", "log_period=1000", "enable_checkpointing=true");
    try {
      Path metrics = place.resolve("out/run/metrics.jsonl");
      awaitLine(child, metrics);

      child.destroy();

      assertThat(child.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
      String output = Files.readString(place.resolve("output.txt"));
      assertThat(child.exitValue()).as(output).isZero();
      List<String> lines = Files.readAllLines(metrics);
      assertThat(Files.readString(metrics)).endsWith("}\n");
      int last = JsonMapper.shared().readTree(lines.getLast()).get("step").asInt();
      assertThat(last).isEqualTo(lines.size() - 1);
      assertThat(output)
          .contains("Stopped by a signal after " + lines.size() + " steps; the same run_name")
          .contains("loss, last step")
          .containsPattern("outputs .*\n[+\u2514].*[+\u2518]\n$");
      assertThat(new CheckpointStore(place.resolve("out/run/checkpoints")).steps())
          .containsExactly((long) lines.size());
      TinyRun resumed =
          TinyRun.train(place, "steps=" + (lines.size() + 2), "enable_checkpointing=true");
      assertThat(resumed.output()).contains("Resuming   from step %,d,".formatted(lines.size()));
      assertThat(resumed.losses()).hasSize(lines.size() + 2);
    } finally {
      end(child);
    }
  }

  @Test
  void runThatEndsByItselfLeavesNoHook() {
    GracefulStop stop = GracefulStop.install();
    assertThat(stop.isRequested()).isFalse();
    stop.completed();
    stop.close();
    // A hook that was left would hold the end of this process; installing is possible again.
    GracefulStop.install().close();
  }

  private Process start(String... overrides) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // The client compiler starts faster, and this process lives for a moment.
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Xmx256m"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Child.class.getName()));
    command.add(place.toString());
    command.addAll(List.of(overrides));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(place.resolve("output.txt").toFile())
        .start();
  }

  private void awaitLine(Process child, Path metrics) throws IOException {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (!(Files.exists(metrics) && Files.readString(metrics).contains("\n"))) {
      assertThat(child.isAlive()).as(() -> "the child ended: " + outputOf(place)).isTrue();
      assertThat(System.nanoTime()).as("no line in time").isLessThan(deadline);
      LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
    }
  }

  private static String outputOf(Path place) {
    try {
      return Files.readString(place.resolve("output.txt"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static void end(Process child) throws InterruptedException {
    child.destroyForcibly();
    child.waitFor();
  }
}
