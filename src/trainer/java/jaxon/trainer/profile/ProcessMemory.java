package jaxon.trainer.profile;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/// The resident memory of this process, as Linux counts it in `/proc/self`; elsewhere unknown.
public final class ProcessMemory {
  private final Path proc;

  private ProcessMemory(Path proc) {
    this.proc = proc;
  }

  public static ProcessMemory ofThisProcess() {
    return new ProcessMemory(Path.of("/proc/self"));
  }

  /// The same, read from another directory.
  static ProcessMemory in(Path proc) {
    return new ProcessMemory(proc);
  }

  /// The most bytes that were resident at once since the start or the last [#resetPeak] (VmHWM).
  public OptionalLong peakBytes() {
    return kibibytes(proc.resolve("status"), "VmHWM");
  }

  /// The bytes that are resident now (VmRSS).
  public OptionalLong residentBytes() {
    return kibibytes(proc.resolve("status"), "VmRSS");
  }

  /// The bytes that this process can still take before the system swaps or kills: what Linux calls
  /// available, and no more than the container's limit leaves.
  public OptionalLong availableBytes() {
    OptionalLong machine = kibibytes(proc.resolveSibling("meminfo"), "MemAvailable");
    if (machine.isEmpty()
        || !(ManagementFactory.getOperatingSystemMXBean()
            instanceof OperatingSystemMXBean system)) {
      return machine;
    }
    long limit = system.getTotalMemorySize() - residentBytes().orElse(0);
    return OptionalLong.of(Math.max(0, Math.min(machine.getAsLong(), limit)));
  }

  private static OptionalLong kibibytes(Path file, String key) {
    try {
      return Files.readAllLines(file).stream()
          .filter(line -> line.matches(key + ":\\s+\\d+ kB"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
          .findFirst();
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  /// Forgets the peak so far; false where the kernel does not let us.
  public boolean resetPeak() {
    try {
      // 5 resets the peak resident set size: man 5 proc_pid_clear_refs.
      Files.writeString(proc.resolve("clear_refs"), "5");
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
