package jaxon.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ParallelWorkTest {
  private static final int PARTS = 1000;
  private static final long PAUSE_NANOS = 1_000_000;

  @Test
  void eachPartIsDoneOnce() {
    AtomicIntegerArray done = new AtomicIntegerArray(PARTS);
    ParallelWork.forEach(PARTS, done::incrementAndGet);
    assertThat(IntStream.range(0, PARTS).map(done::get)).allMatch(count -> count == 1);
  }

  @Test
  void whatHasBegunHasEndedWhenAFailureIsThrown() {
    AtomicInteger begun = new AtomicInteger();
    AtomicInteger ended = new AtomicInteger();
    assertThatThrownBy(() ->
            ParallelWork.forEach(
                PARTS,
                part -> {
                  begun.incrementAndGet();
                  if (part % 8 == 0) {
                    throw new IllegalStateException("part");
                  }
                  // Still at work when another one fails.
                  LockSupport.parkNanos(PAUSE_NANOS);
                  ended.incrementAndGet();
                }))
        .hasMessage("part");
    int failed = begun.get() - ended.get();
    assertThat(failed).isBetween(1, Runtime.getRuntime().availableProcessors());
    assertThat(begun).hasValueLessThan(PARTS);
  }

  @Test
  void errorsAreThrownAsTheyAre() {
    assertThatThrownBy(() ->
            ParallelWork.forEach(
                1,
                _ -> {
                  throw new AssertionError("an error");
                }))
        .isInstanceOf(AssertionError.class);
  }
}
