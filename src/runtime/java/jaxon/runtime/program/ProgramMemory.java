package jaxon.runtime.program;

import java.util.ArrayList;
import java.util.List;
import jaxon.runtime.host.HostBlock;
import jaxon.runtime.host.MemoryPool;

/// The memory and native objects of one executable: one arena for all its temporaries, its
/// constants, its prepared calls.
final class ProgramMemory implements AutoCloseable {
  private final MemoryPool pool;
  private final HostBlock arena;
  private final List<AutoCloseable> resources = new ArrayList<>();
  private boolean hasRun;
  private long constantBytes;
  private long workerBytes;

  ProgramMemory(long arenaBytes, MemoryPool pool) {
    this.pool = pool;
    this.arena = HostBlock.allocate(Math.max(1, arenaBytes));
  }

  /// The address of the temporaries.
  long arena() {
    return arena.address();
  }

  /// Says that the program runs: only then the system finds pages for the arena.
  void startRun() {
    if (!hasRun) {
      hasRun = true;
      pool.hold(arena.bytes());
    }
  }

  /// Zeroed memory for a constant that lives until [#close].
  long constant(long size) {
    constantBytes += size;
    HostBlock block = pool.allocate(Math.max(1, size));
    own(() -> pool.free(block));
    return block.address();
  }

  /// Bytes of constants allocated so far.
  long constantBytes() {
    return constantBytes;
  }

  /// Says that some kernel has each of its threads use `bytes` of memory that the plan does not
  /// know.
  void needsPerWorker(long bytes) {
    workerBytes = Math.max(workerBytes, bytes);
  }

  /// The most that a kernel has asked for with [#needsPerWorker].
  long workerBytes() {
    return workerBytes;
  }

  void own(AutoCloseable resource) {
    resources.add(resource);
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
    pool.hold(hasRun ? -arena.bytes() : 0);
  }
}
