package jaxon.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Processes that leave in an orderly way, with a goodbye or with a reason.
@Timeout(60)
class LeavingTest {
  @Test
  void goodbyeIsNoLossAndFailureIsToldWithItsReason() throws InterruptedException {
    List<Rendezvous> met = Meetings.join(4);
    try {
      saysGoodbye(met);
      fails(met);
    } finally {
      Meetings.close(met);
    }
  }

  private static void saysGoodbye(List<Rendezvous> met) {
    BlockingQueue<LostProcess> lost = new LinkedBlockingQueue<>();
    met.get(0).onLoss(lost::add);
    met.get(3).close();
    met.get(3).close();
    assertThatThrownBy(() -> met.get(3).barrier("b")).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> met.get(0).barrier("b"))
        .isInstanceOf(ClusterException.class)
        .hasMessageContaining("process 0 stops waiting at 'barrier b': process 3 (127.0.0.1, pid ")
        .hasMessageEndingWith("has ended without coming there");
    assertThat(lost).isEmpty();
  }

  private static void fails(List<Rendezvous> met) throws InterruptedException {
    BlockingQueue<LostProcess> lost = new LinkedBlockingQueue<>();
    met.get(0).onLoss(lost::add);
    met.get(2).onLoss(lost::add);
    met.get(1).fail("the loss is not a number at step 7", false);
    for (int i = 0; i < 2; i++) {
      assertThat(lost.poll(10, TimeUnit.SECONDS))
          .isNotNull()
          .extracting(LostProcess::describe)
          .asString()
          .startsWith("process 1 (127.0.0.1, pid ")
          .endsWith("is gone: the loss is not a number at step 7");
    }
    assertThatThrownBy(() -> met.get(0).exchange("x", "y"))
        .isInstanceOf(ClusterException.class)
        .hasMessageContaining("the loss is not a number at step 7");
    BlockingQueue<LostProcess> late = new LinkedBlockingQueue<>();
    met.get(0).onLoss(late::add);
    assertThat(late.poll(10, TimeUnit.SECONDS)).isNotNull();
  }
}
