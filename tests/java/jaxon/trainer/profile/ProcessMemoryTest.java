package jaxon.trainer.profile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessMemoryTest {
  @TempDir private Path proc;
  private Path self = Path.of("");

  @BeforeEach
  void writeProc() throws IOException {
    self = Files.createDirectory(proc.resolve("self"));
    Files.writeString(self.resolve("status"), "VmPeak:\t 99 kB\nVmHWM:\t  2048 kB\nVmRSS: 1 kB\n");
    Files.writeString(proc.resolve("meminfo"), "MemTotal: 9 kB\nMemAvailable:    4 kB\n");
  }

  @Test
  void readsWhatTheKernelCounts() throws IOException {
    ProcessMemory memory = ProcessMemory.in(self);
    assertThat(memory.peakBytes()).hasValue(2048 * 1024);
    assertThat(memory.residentBytes()).hasValue(1024);
    assertThat(memory.availableBytes()).hasValue(4096);
    assertThat(memory.resetPeak()).isTrue();
    assertThat(self.resolve("clear_refs")).hasContent("5");
  }

  @Test
  void noMoreIsAvailableThanTheMachineHas() throws IOException {
    Files.writeString(proc.resolve("meminfo"), "MemAvailable: 9000000000000 kB\n");
    assertThat(ProcessMemory.in(self).availableBytes().orElseThrow()).isLessThan(9L << 50);
  }

  @Test
  void isUnknownWhereThereIsNoProc() {
    ProcessMemory memory = ProcessMemory.in(proc.resolve("none/self"));
    assertThat(memory.peakBytes()).isEmpty();
    assertThat(memory.residentBytes()).isEmpty();
    assertThat(memory.availableBytes()).isEmpty();
    assertThat(memory.resetPeak()).isFalse();
  }
}
