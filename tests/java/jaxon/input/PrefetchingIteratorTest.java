package jaxon.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CountDownLatch;
import jaxon.input.source.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PrefetchingIteratorTest {
  private static final InputSettings SETTINGS = TestData.settings(2, 8);

  @Test
  void givesTheSameBatchesAndStates() {
    for (int depth = 1; depth < 4; depth++) {
      BatchIterator plain = plain(3);
      try (BatchIterator ahead = new PrefetchingIterator(plain(3), depth)) {
        while (plain.hasNext()) {
          assertThat(ahead.hasNext()).isTrue();
          assertThat(ahead.state()).isEqualTo(plain.state());
          assertThat(TestData.contents(ahead.next())).isEqualTo(TestData.contents(plain.next()));
        }
        assertThat(ahead.hasNext()).isFalse();
        assertThat(ahead.state()).isEqualTo(plain.state());
        assertThatThrownBy(ahead::next).isInstanceOf(NoSuchElementException.class);
      }
    }
  }

  @Test
  void restoresWhileTheThreadIsAhead() {
    BatchIterator plain = plain(0);
    List<IteratorState> states = new ArrayList<>();
    List<String> batches = new ArrayList<>();
    for (int k = 0; k < 20; k++) {
      states.add(plain.state());
      batches.addAll(TestData.take(plain, 1));
    }
    try (BatchIterator ahead = new PrefetchingIterator(plain(0), 2)) {
      for (int k = 19; k >= 0; k -= 3) {
        ahead.restore(states.get(k));
        assertThat(ahead.state()).isEqualTo(states.get(k));
        int count = Math.min(2, 20 - k);
        assertThat(TestData.take(ahead, count)).isEqualTo(batches.subList(k, k + count));
      }
    }
  }

  @Test
  void throwsWhatTheSourceThrowsAfterTheGoodBatches() {
    try (BatchIterator ahead = new PrefetchingIterator(new FailingAt(3), 2)) {
      for (int k = 0; k < 3; k++) {
        ahead.next();
      }
      for (int again = 0; again < 2; again++) {
        assertThatThrownBy(ahead::next)
            .isInstanceOf(InputException.class)
            .hasMessage("bad document");
      }
      assertThat(ahead.state().batches()).isEqualTo(3);
    }
  }

  @Test
  void errorsOfTheThreadReachTheConsumer() {
    BatchIterator source =
        new FailingAt(0) {
          @Override
          public Batch next() {
            throw new StackOverflowError("deep");
          }
        };
    try (BatchIterator ahead = new PrefetchingIterator(source, 1)) {
      assertThatThrownBy(ahead::next)
          .isInstanceOf(IllegalStateException.class)
          .hasCauseInstanceOf(StackOverflowError.class);
    }
  }

  @Test
  void closingEndsTheThreadAndTheSource() throws InterruptedException {
    FailingAt source = new FailingAt(Long.MAX_VALUE);
    PrefetchingIterator ahead = new PrefetchingIterator(source, 1);
    ahead.next();
    source.working.await();
    Thread worker = source.worker;
    assertThat(worker).isNotNull();
    ahead.close();
    assertThat(worker.isAlive()).isFalse();
    assertThat(source.closed).isTrue();
    assertThatThrownBy(ahead::next).isInstanceOf(IllegalStateException.class);
    ahead.close();
  }

  private static BatchIterator plain(long epochs) {
    TokenCorpus corpus = TestData.corpus(TestData.lengths(2, 20, 30));
    return new PackedBatchIterator(
        SETTINGS, new Dataset.Documents(corpus).packer(SETTINGS, true, epochs));
  }

  /// An endless iterator that throws at one batch.
  private static class FailingAt implements BatchIterator {
    final CountDownLatch working = new CountDownLatch(1);
    volatile Thread worker = Thread.currentThread();
    volatile boolean closed;
    private final long bad;
    private long batches;

    FailingAt(long bad) {
      this.bad = bad;
    }

    @Override
    public boolean hasNext() {
      return true;
    }

    @Override
    public Batch next() {
      worker = Thread.currentThread();
      working.countDown();
      if (batches == bad) {
        throw new InputException("bad document");
      }
      return new BatchBuilder(SETTINGS).build(batches++);
    }

    @Override
    public IteratorState state() {
      return new IteratorState(batches, 0, batches, 0, "test");
    }

    @Override
    public void restore(IteratorState state) {
      batches = state.batches();
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
