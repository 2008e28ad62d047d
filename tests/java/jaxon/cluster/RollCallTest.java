package jaxon.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Processes that were started wrongly: one clear error on each.
@Timeout(60)
class RollCallTest {
  private final int port = Meetings.freePort();

  @Test
  void sameNumberTwice() throws InterruptedException {
    allRefused(
        List.of(process(0, 3), process(1, 3), process(1, 3)), "two processes have process_id=1");
  }

  @Test
  void otherNumberOfProcesses() throws InterruptedException {
    allRefused(
        List.of(process(0, 2), process(2, 3)),
        "was started with num_processes=2, process 2 (127.0.0.1, pid ",
        "with num_processes=3");
  }

  @Test
  void otherJob() throws InterruptedException {
    ClusterSettings other = Meetings.settings(port, 1, 2, "mine", Meetings.TIMEOUT, "steps", "10");
    allRefused(List.of(process(0, 2), other), "'job'", "'mine'", "coordinator address of its own");
  }

  @Test
  void otherConfigurationIsToldByKey() throws InterruptedException {
    ClusterSettings first =
        Meetings.settings(port, 0, 2, "job", Meetings.TIMEOUT, "steps", "10", "seed", "1");
    ClusterSettings second =
        Meetings.settings(port, 1, 2, "job", Meetings.TIMEOUT, "steps", "20", "seed", "1");
    List<String> messages =
        allRefused(
            List.of(first, second), "have different configurations", "\n  steps: 10 and 20\n");
    assertThat(messages).noneMatch(message -> message.contains("seed"));
  }

  @Test
  void missingProcessIsNamed() {
    ClusterSettings alone =
        Meetings.settings(port, 0, 3, "job", Duration.ofSeconds(1), "steps", "10");
    assertThatThrownBy(() -> Rendezvous.join(alone))
        .isInstanceOf(ClusterException.class)
        .isNotInstanceOf(ClusterUsageException.class)
        .hasMessageContaining("only 1 of 3 processes joined within 1 s; missing: 1, 2")
        .hasMessageContaining("process 0 (127.0.0.1, pid ");
  }

  @Test
  void portInUse() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      ClusterSettings settings = Meetings.settings(taken.getLocalPort(), 0, 2);
      assertThatThrownBy(() -> Rendezvous.join(settings))
          .isInstanceOf(ClusterUsageException.class)
          .hasMessageContaining(
              "process 0 cannot listen at coordinator=127.0.0.1:" + taken.getLocalPort())
          .hasMessageContaining("choose another one");
    }
  }

  @Test
  void coordinatorThatCannotBeReached() {
    ClusterSettings settings =
        Meetings.settings(port, 1, 2, "job", Duration.ofSeconds(1), "steps", "10");
    assertThatThrownBy(() -> Rendezvous.join(settings))
        .isInstanceOf(ClusterUsageException.class)
        .hasMessageContaining(
            "could not reach the coordinator at 127.0.0.1:" + port + " within 1 s")
        .hasMessageContaining("refused");
  }

  @Test
  void strangerAtTheCoordinatorsPort() throws Exception {
    try (ServerSocket stranger = new ServerSocket(port, 9, InetAddress.getLoopbackAddress())) {
      ClusterSettings settings =
          Meetings.settings(
              stranger.getLocalPort(), 1, 2, "job", Duration.ofSeconds(2), "steps", "10");
      assertThatThrownBy(() -> Rendezvous.join(settings))
          .isInstanceOf(ClusterException.class)
          .hasMessageContaining("answers but does not let it in");
    }
  }

  @ParameterizedTest
  @CsvSource({"3, 3, numbered 0 to 2", "-1, 3, numbered 0 to 2", "0, 0, at least 1"})
  void numbersThatCannotBe(int id, int processes, String told) {
    assertThatThrownBy(() -> process(id, processes))
        .isInstanceOf(ClusterUsageException.class)
        .hasMessageContaining(told);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "host", "host:", ":1", "host:0", "host:65536", "a b:1", "h:1:2"})
  void addressesThatCannotBe(String text) {
    assertThat(HostPort.isValid(text)).isFalse();
    assertThatThrownBy(() -> HostPort.parse(text))
        .isInstanceOf(ClusterUsageException.class)
        .hasMessageStartingWith("coordinator: ");
  }

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0, every network of this host",
    "192.0.2.1, no address of this host",
    "no-such-interface.invalid, 127.0.0.1 (lo"
  })
  void interfacesThatCannotBe(String networkInterface, String told) {
    assertThatThrownBy(() -> LocalAddress.of(networkInterface))
        .isInstanceOf(ClusterUsageException.class)
        .hasMessageContaining(told);
  }

  @Test
  void interfaceByNameOrAddress() {
    assertThat(LocalAddress.of("localhost").getHostAddress()).isEqualTo("127.0.0.1");
    assertThat(LocalAddress.of("127.0.0.1").isLoopbackAddress()).isTrue();
  }

  private ClusterSettings process(int id, int processes) {
    return Meetings.settings(port, id, processes);
  }

  private static List<String> allRefused(List<ClusterSettings> all, String... told)
      throws InterruptedException {
    List<Object> outcomes = Meetings.outcomes(all);
    assertThat(outcomes)
        .hasSize(all.size())
        .allSatisfy(outcome ->
            assertThat((Throwable) outcome)
                .isInstanceOf(ClusterUsageException.class)
                .hasMessageContainingAll(told));
    return outcomes.stream().map(outcome -> ((Throwable) outcome).getMessage()).toList();
  }
}
