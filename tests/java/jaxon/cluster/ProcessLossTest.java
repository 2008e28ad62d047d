package jaxon.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Processes that are killed, each a JVM of its own.
@Timeout(60)
class ProcessLossTest {
  /// The time is a fraction of a second on a machine with nothing else to do.
  private static final int NOTICING = 5;

  private final List<ChildJvm> processes = new ArrayList<>();

  @AfterEach
  void end() {
    processes.forEach(ChildJvm::close);
  }

  @Test
  void othersHearOfKilledProcessesAndStopWaiting() throws IOException, InterruptedException {
    int port = Meetings.freePort();
    for (int id = 0; id < 3; id++) {
      processes.add(
          ChildJvm.start(MemberMain.class, Integer.toString(port), Integer.toString(id), "3"));
    }
    for (ChildJvm process : processes) {
      assertThat(process.line("joined", 30)).isPresent();
    }

    killAndHear(1, 0, 2);
    assertThat(processes.get(2).line("stopped", NOTICING))
        .hasValueSatisfying(
            line -> assertThat(line).contains("process 2 stops waiting at 'barrier of 2 alone'"));
    killAndHear(0, 2);
  }

  /// Kills one process, and has the others tell of it.
  private void killAndHear(int killed, int... others) throws InterruptedException {
    Process process = processes.get(killed).process();
    process.destroyForcibly();
    for (int other : others) {
      assertThat(processes.get(other).line("lost", NOTICING))
          .hasValue(
              "lost process %d (127.0.0.1, pid %d) is gone: it left without a goodbye (killed,"
                      .formatted(killed, process.pid())
                  + " crashed or cut off)");
    }
  }
}
