package jaxon.trainer.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/// The small instruments of the benchmark.
class MeasurementsTest {
  @Test
  void spreadIsMedianMinAndMax() {
    assertThat(Spread.of(List.of(3.0, 1.0, 2.0))).isEqualTo(new Spread(2, 1, 3));
    assertThat(Spread.of(List.of(4.0, 1.0, 2.0, 3.0))).isEqualTo(new Spread(2.5, 1, 4));
    assertThatThrownBy(() -> Spread.of(List.of())).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void heapAllocationCountsWhatIsAllocated() {
    HeapAllocation start = HeapAllocation.now();
    byte[] block = new byte[1 << 20];
    assertThat(HeapAllocation.now().since(start).bytes()).isGreaterThanOrEqualTo(block.length);
  }

  @Test
  void aBenchmarkTimesAtLeastOneStep() {
    assertThatThrownBy(() -> new TrainStepBenchmark(0, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("steps >= 1");
  }
}
