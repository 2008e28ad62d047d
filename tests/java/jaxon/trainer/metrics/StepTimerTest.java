package jaxon.trainer.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class StepTimerTest {
  private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 1_000_000_000L);
  private final StepTimer timer = new StepTimer(clock::get, 3);

  @Test
  void timesEachStepExactlyAndIgnoresPauses() {
    assertThat(step(2_500_000_000L, 100)).isEqualTo(2.5);
    clock.addAndGet(99_000_000_000L);
    assertThat(step(500_000_000L, 100)).isEqualTo(0.5);
    assertThat(timer.steps()).isEqualTo(2);
    assertThat(timer.totalSeconds()).isEqualTo(3.0);
    assertThat(timer.meanTokensPerSecond()).isCloseTo(200 / 3.0, within(1e-9));
  }

  @Test
  void theMedianForgetsOldStepsAndOutliers() {
    assertThat(timer.medianSeconds()).isNaN();
    step(9_000_000_000L, 90);
    assertThat(timer.medianSeconds()).isEqualTo(9);
    step(1_000_000_000L, 90);
    assertThat(timer.medianSeconds()).isEqualTo(5);
    step(2_000_000_000L, 90);
    assertThat(timer.medianSeconds()).isEqualTo(2);
    step(3_000_000_000L, 90);
    assertThat(timer.medianSeconds()).isEqualTo(2);
    step(4_000_000_000L, 90);
    assertThat(timer.medianSeconds()).isEqualTo(3);
    assertThat(timer.medianTokensPerSecond()).isEqualTo(30);
  }

  @Test
  void aStepFasterThanTheClockStillTakesTime() {
    assertThat(step(0, 1)).isEqualTo(1e-9);
  }

  @Test
  void rejectsAStopWithoutAStart() {
    assertThatThrownBy(() -> timer.stop(1)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> new StepTimer(clock::get, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void throughputBecomesScalarsPerDevice() {
    SequencedMap<String, Double> scalars = new LinkedHashMap<>();
    StepThroughput throughput = new StepThroughput(0.5, 4096, 8e12, 2);
    throughput.putInto(scalars);
    assertThat(scalars.toString())
        .isEqualTo(
            "{perf/step_time_seconds=0.5, perf/per_device_tflops=4.0,"
                + " perf/per_device_tflops_per_sec=8.0, perf/per_device_tokens=2048.0,"
                + " perf/per_device_tokens_per_sec=4096.0}");
    assertThat(throughput.tokensPerSecond()).isEqualTo(8192);
    assertThat(throughput.tflopsPerSecond()).isEqualTo(16);
    assertThatThrownBy(() -> new StepThroughput(0, 1, 1, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private double step(long nanos, long tokens) {
    timer.start();
    clock.addAndGet(nanos);
    return timer.stop(tokens);
  }
}
