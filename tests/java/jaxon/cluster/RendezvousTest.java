package jaxon.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Three processes as threads of this JVM.
@Timeout(60)
class RendezvousTest {
  private List<Rendezvous> met = List.of();

  @BeforeEach
  void meet() throws InterruptedException {
    met = Meetings.join(3);
  }

  @AfterEach
  void leave() {
    Meetings.close(met);
  }

  @Test
  void textsReachAllByNumberAndNamesMayBeUsedAgain() throws Exception {
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      for (String round : List.of("a", "b")) {
        List<Future<List<String>>> results =
            met.stream()
                .map(one ->
                    threads.submit(() -> one.exchange("address", round + one.processId())))
                .toList();
        for (Future<List<String>> result : results) {
          assertThat(result.get()).containsExactly(round + 0, round + 1, round + 2);
        }
      }
    }
    assertThat(met).allSatisfy(one -> {
      assertThat(one.processes()).isEqualTo(3);
      assertThat(one.hosts()).containsOnly("127.0.0.1").hasSize(3);
    });
  }

  @Test
  void nobodyPassesABarrierBeforeTheLastHasCome() throws Exception {
    CountDownLatch passed = new CountDownLatch(2);
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      for (Rendezvous one : met.subList(0, 2)) {
        threads.submit(() -> {
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
      socket.connect(new InetSocketAddress("127.0.0.1", port), 1000);
    }
    assertThatThrownBy(() -> {
          try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.2", port), 1000);
          }
        })
        .hasMessageContaining("refused");
  }

  @Test
  void processThatSaysGoodbyeIsNotLostButEndsWaiting() {
    BlockingQueue<LostProcess> lost = new LinkedBlockingQueue<>();
    met.get(0).onLoss(lost::add);
    met.get(2).close();
    assertThatThrownBy(() -> met.get(0).barrier("b"))
        .isInstanceOf(ClusterException.class)
        .hasMessageContaining("process 0 stops waiting at 'barrier b': process 2 (127.0.0.1, pid ")
        .hasMessageEndingWith("has ended without coming there");
    assertThat(lost).isEmpty();
  }

  @Test
  void failureIsToldWithItsReason() throws Exception {
    BlockingQueue<LostProcess> lost = new LinkedBlockingQueue<>();
    met.get(0).onLoss(lost::add);
    met.get(2).onLoss(lost::add);
    met.get(1).fail("the loss is not a number at step 7");
    for (int i = 0; i < 2; i++) {
      LostProcess told = lost.poll(10, TimeUnit.SECONDS);
      assertThat(told).isNotNull();
      assertThat(told.describe())
          .startsWith("process 1 (127.0.0.1, pid ")
          .endsWith("is gone: the loss is not a number at step 7");
    }
    assertThatThrownBy(() -> met.get(0).exchange("x", "y"))
        .hasMessageContaining("the loss is not a number at step 7");
    BlockingQueue<LostProcess> late = new LinkedBlockingQueue<>();
    met.get(0).onLoss(late::add);
    assertThat(late.poll(10, TimeUnit.SECONDS)).isNotNull();
  }

  @Test
  void closedRendezvousRefusesAndClosesAgain() {
    met.get(1).close();
    met.get(1).close();
    assertThatThrownBy(() -> met.get(1).barrier("b")).isInstanceOf(IllegalStateException.class);
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
      met.forEach(one -> threads.submit(() -> one.barrier("still here")));
      threads.shutdown();
      assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(lost).isEmpty();
  }
}
