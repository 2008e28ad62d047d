package jaxon.trainer.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/// The resident memory of this process, as Linux counts it in `/proc/self`; elsewhere unknown.
final class ProcessMemory {
  private final Path proc;

  private ProcessMemory(Path proc) {
    this.proc = proc;
  }

  static ProcessMemory ofThisProcess() {
    return new ProcessMemory(Path.of("/proc/self"));
  }

  /// The same, read from another directory.
  static ProcessMemory in(Path proc) {
    return new ProcessMemory(proc);
  }

  /// The most bytes that were resident at once since the start or the last [#resetPeak] (VmHWM).
  OptionalLong peakBytes() {
    try {
      return Files.readAllLines(proc.resolve("status")).stream()
          .filter(line -> line.matches("VmHWM:\\s+\\d+ kB"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
          .findFirst();
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  /// Forgets the peak so far; false where the kernel does not let us.
  boolean resetPeak() {
    try {
      // 5 resets the peak resident set size: man 5 proc_pid_clear_refs.
      Files.writeString(proc.resolve("clear_refs"), "5");
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
