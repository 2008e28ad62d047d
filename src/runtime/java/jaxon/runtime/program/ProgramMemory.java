package jaxon.runtime.program;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;

/// The memory and native objects of one executable: its arena, its constants, its prepared calls.
final class ProgramMemory implements AutoCloseable {
  private final Arena arena = Arena.ofShared();
  private final List<AutoCloseable> resources = new ArrayList<>();
  private long bytes;

  /// Zeroed memory that lives until [#close]; aligned to 64 bytes.
  long allocate(long size) {
    bytes += size;
    return arena.allocate(Math.max(1, size), 64).address();
  }

  void own(AutoCloseable resource) {
    resources.add(resource);
  }

  /// Bytes allocated so far.
  long bytes() {
    return bytes;
  }

  @Override
  public void close() {
    for (AutoCloseable resource : resources) {
      try {
        resource.close();
      } catch (Exception e) {
        throw new IllegalStateException("cannot release " + resource, e);
      }
    }
    arena.close();
  }
}
