package jaxon.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import jaxon.cluster.LostProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ProcessGuardTest {
  private static final LostProcess KILLED =
      new LostProcess(2, "127.0.0.1", 47, "it left without a goodbye", false);

  private record End(String message, int exitCode) {}

  private final BlockingQueue<End> ends = new LinkedBlockingQueue<>();
  private final ProcessGuard guard =
      new ProcessGuard(
          1, (message, code) -> ends.add(new End(message, code)), Duration.ofMillis(50));

  @Test
  void endsAProcessThatDoesSomethingElse() throws InterruptedException {
    guard.phase("compiles its programs");
    guard.records(() -> "\nrecords");
    guard.lost(KILLED);
    guard.lost(KILLED);
    assertThat(ends.poll(10, TimeUnit.SECONDS))
        .isEqualTo(
            new End(
                "process 1 ends while it compiles its programs: process 2 (127.0.0.1, pid 47) is gone: it"
                    + " left without a goodbye\nrecords",
                1));
    assertThat(ends.poll(100, TimeUnit.MILLISECONDS)).as("told once").isNull();
  }

  @Test
  void leavesAProcessThatEndsInOrder() throws InterruptedException {
    guard.lost(KILLED);
    guard.close();
    assertThat(ends.poll(200, TimeUnit.MILLISECONDS)).isNull();
  }

  @Test
  void tellsTheErrorOfAProcessThatCannotClose() throws InterruptedException {
    guard.failing(TrainingException.failure("rank 2 is lost", null));
    guard.lost(KILLED);
    assertThat(ends.poll(10, TimeUnit.SECONDS)).isEqualTo(new End("rank 2 is lost", 1));
  }

  @Test
  void mistakeOfTheUserIsTheMessageOfAll() throws InterruptedException {
    guard.lost(new LostProcess(2, "127.0.0.1", 47, "run_name is taken", true));
    assertThat(ends.poll(10, TimeUnit.SECONDS)).isEqualTo(new End("run_name is taken", 2));
  }
}
