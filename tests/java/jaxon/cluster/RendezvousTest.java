package jaxon.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Three processes as threads of this JVM.
@Timeout(60)
class RendezvousTest {
  private static List<Rendezvous> met = List.of();

  @BeforeAll
  static void meet() throws InterruptedException {
    met = Meetings.join(3);
  }

  @AfterAll
  static void leave() {
    Meetings.close(met);
  }

  @Test
  void textsReachAllByNumberAndNamesMayBeUsedAgain() throws Exception {
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      for (String round : List.of("a", "b")) {
        List<Future<List<String>>> results =
            met.stream()
                .map(one -> threads.submit(() -> one.exchange("address", round + one.processId())))
                .toList();
        for (Future<List<String>> result : results) {
          assertThat(result.get()).containsExactly(round + 0, round + 1, round + 2);
        }
      }
    }
    assertThat(met)
        .allSatisfy(one -> {
          assertThat(one.processes()).isEqualTo(3);
          assertThat(one.hosts()).containsOnly("127.0.0.1").hasSize(3);
        });
  }

  @Test
  void nobodyPassesABarrierBeforeTheLastHasCome() throws Exception {
    CountDownLatch passed = new CountDownLatch(2);
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      for (Rendezvous one : met.subList(0, 2)) {
        threads.execute(() -> {
          one.barrier("b");
          passed.countDown();
        });
      }
      assertThat(passed.await(300, TimeUnit.MILLISECONDS)).isFalse();
      assertThat(passed.getCount()).isEqualTo(2);
      met.get(2).barrier("b");
      assertThat(passed.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void onlyTheGivenAddressIsListenedOn() throws Exception {
    int port = met.getFirst().coordinator().port();
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), 1000);
    }
    assertThatThrownBy(
            () -> {
              try (Socket socket = new Socket()) {
                socket.connect(
                    new InetSocketAddress(InetAddress.ofLiteral("127.0.0.2"), port), 1000);
              }
            })
        .hasMessageContaining("refused");
  }

  @Test
  void processThatComesLateIsSentAwayAlone() throws Exception {
    int port = met.getFirst().coordinator().port();
    assertThatThrownBy(() -> Rendezvous.join(Meetings.settings(port, 1, 3)))
        .isInstanceOf(ClusterUsageException.class)
        .hasMessageContaining("two processes have process_id=1");
    BlockingQueue<LostProcess> lost = new LinkedBlockingQueue<>();
    met.get(0).onLoss(lost::add);
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      met.forEach(one -> threads.execute(() -> one.barrier("still here")));
      threads.shutdown();
      assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(lost).isEmpty();
  }
}
