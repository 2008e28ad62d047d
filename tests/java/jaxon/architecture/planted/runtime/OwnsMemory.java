package jaxon.architecture.planted.runtime;

import java.lang.foreign.Arena;

/// Uses the foreign-function interface where it may.
final class OwnsMemory {
  private OwnsMemory() {}

  static long size() {
    try (Arena arena = Arena.ofConfined()) {
      return arena.allocate(8).byteSize();
    }
  }
}
