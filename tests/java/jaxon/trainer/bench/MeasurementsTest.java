package jaxon.trainer.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The small instruments of the benchmark.
class MeasurementsTest {
  @TempDir private Path proc;

  @Test
  void spreadIsMedianMinAndMax() {
    assertThat(Spread.of(List.of(3.0, 1.0, 2.0))).isEqualTo(new Spread(2, 1, 3));
    assertThat(Spread.of(List.of(4.0, 1.0, 2.0, 3.0))).isEqualTo(new Spread(2.5, 1, 4));
    assertThatThrownBy(() -> Spread.of(List.of())).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void peakMemoryIsTheKernelsHighWaterMark() throws IOException {
    Files.writeString(proc.resolve("status"), "VmPeak:\t 99 kB\nVmHWM:\t  2048 kB\nVmRSS: 1 kB\n");
    ProcessMemory memory = ProcessMemory.in(proc);
    assertThat(memory.peakBytes()).hasValue(2048 * 1024);
    assertThat(memory.resetPeak()).isTrue();
    assertThat(proc.resolve("clear_refs")).hasContent("5");
  }

  @Test
  void memoryIsUnknownWhereThereIsNoProc() {
    ProcessMemory memory = ProcessMemory.in(proc.resolve("none"));
    assertThat(memory.peakBytes()).isEmpty();
    assertThat(memory.resetPeak()).isFalse();
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
