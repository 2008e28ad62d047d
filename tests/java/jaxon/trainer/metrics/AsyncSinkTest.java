package jaxon.trainer.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SequencedMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
final class AsyncSinkTest {

  @Test
  void writesEveryEntryInOrderOnAnotherThread() {
    RecordingSink destination = new RecordingSink();
    try (AsyncSink sink = AsyncSink.start(destination, 4)) {
      for (long step = 0; step < 1000; step++) {
        sink.write(step, Scalars.of("x", 1));
      }
    }
    assertThat(destination.steps).isEqualTo(LongStream.range(0, 1000).boxed().toList());
    assertThat(destination.threads).containsOnly("jaxon-metrics");
    assertThat(destination.closes).isEqualTo(1);
  }

  @Test
  void theCallerMayReuseTheMap() {
    RecordingSink destination = new RecordingSink();
    destination.open = new CountDownLatch(1);
    try (AsyncSink sink = AsyncSink.start(destination)) {
      SequencedMap<String, Double> scalars = Scalars.of("x", 1);
      sink.write(0, scalars);
      scalars.put("x", 2.0);
      sink.write(1, scalars);
      destination.open.countDown();
    }
    assertThat(destination.values).containsExactly(1.0, 2.0);
  }

  @Test
  void doesNotWaitForASlowDestination() {
    RecordingSink destination = new RecordingSink();
    destination.open = new CountDownLatch(1);
    AsyncSink sink = AsyncSink.start(destination, 8);
    for (long step = 0; step < 8; step++) {
      sink.write(step, Scalars.of("x", 1));
    }
    assertThat(destination.steps).isEmpty();
    destination.open.countDown();
    sink.close();
    assertThat(destination.steps).hasSize(8);
  }

  @Test
  void closeReportsAFailureAndGoesOn() {
    RecordingSink destination = new RecordingSink();
    destination.failAt = 1;
    destination.open = new CountDownLatch(1);
    AsyncSink sink = AsyncSink.start(destination);
    sink.write(0, Scalars.of("x", 0));
    sink.write(1, Scalars.of("x", 1));
    sink.write(2, Scalars.of("x", 2));
    destination.open.countDown();
    assertThatThrownBy(sink::close)
        .isInstanceOf(MetricSinkException.class)
        .hasMessageContaining("disk full at 1");
    assertThat(destination.steps).containsExactly(0L, 2L);
    assertThat(destination.closes).isEqualTo(1);
    assertThatCode(sink::close).doesNotThrowAnyException();
  }

  @Test
  void theNextWriteReportsAFailureAndLosesNothing() throws InterruptedException {
    RecordingSink destination = new RecordingSink();
    destination.failAt = 0;
    // Holds the failure back until the write that leads to it has returned.
    destination.open = new CountDownLatch(1);
    AsyncSink sink = AsyncSink.start(destination);
    sink.write(0, Scalars.of("x", 0));
    destination.open.countDown();
    destination.failed.await();
    // The failure is recorded just after the destination has thrown, so the report may take a
    // write.
    List<Throwable> reports = Collections.synchronizedList(new ArrayList<>());
    long step = 1;
    while (reports.isEmpty()) {
      try {
        sink.write(step++, Scalars.of("x", 1));
      } catch (MetricSinkException e) {
        reports.add(e);
      }
    }
    long next = step;
    assertThatThrownBy(() -> sink.write(next, Scalars.of("x", 1)))
        .isInstanceOf(MetricSinkException.class);
    step++;
    // The row is missing for good: nothing may be committed that counts on it.
    assertThatThrownBy(sink::flush).isInstanceOf(MetricSinkException.class);
    assertThatThrownBy(sink::flush).hasMessageContaining("disk full at 0");
    assertThatThrownBy(sink::close).hasMessageContaining("disk full at 0");
    assertThat(reports).hasSize(1);
    assertThat(destination.steps).isEqualTo(LongStream.range(1, step).boxed().toList());
  }

  @Test
  void anInterruptOfTheCallerCostsNothing() {
    RecordingSink destination = new RecordingSink();
    AsyncSink sink = AsyncSink.start(destination, 1);
    Thread.currentThread().interrupt();
    for (long step = 0; step < 10; step++) {
      sink.write(step, Scalars.of("x", 1));
    }
    sink.close();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(destination.steps).hasSize(10);
  }

  @Test
  void rejectsWritesAfterCloseAndAnEmptyQueue() {
    AsyncSink sink = AsyncSink.start(new RecordingSink());
    sink.close();
    assertThatThrownBy(() -> sink.write(1, Scalars.of("x", 1)))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> AsyncSink.start(new RecordingSink(), 0))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
