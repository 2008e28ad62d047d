package jaxon.runtime.program;

import java.util.ArrayList;
import java.util.List;
import jaxon.runtime.host.HostBlock;

/// The memory and native objects of one executable: one arena for all its temporaries, its
/// constants, its prepared calls.
final class ProgramMemory implements AutoCloseable {
  private final HostBlock arena;
  private final List<AutoCloseable> resources = new ArrayList<>();
  private long constantBytes;

  ProgramMemory(long arenaBytes) {
    this.arena = HostBlock.allocate(Math.max(1, arenaBytes));
  }

  /// The address of the temporaries.
  long arena() {
    return arena.address();
  }

  /// Zeroed memory for a constant that lives until [#close].
  long constant(long size) {
    constantBytes += size;
    HostBlock block = HostBlock.allocate(Math.max(1, size));
    own(block);
    return block.address();
  }

  /// Bytes of constants allocated so far.
  long constantBytes() {
    return constantBytes;
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
  }
}
