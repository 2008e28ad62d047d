package jaxon.architecture.planted.graph;

import java.lang.foreign.Arena;
import picocli.CommandLine;

/// Uses what its module may not use.
public final class UsesLibraries {
  private UsesLibraries() {}

  static long unowned(CommandLine ignored) {
    return Arena.ofAuto().allocate(8).byteSize();
  }
}
