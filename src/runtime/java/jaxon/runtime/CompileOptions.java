package jaxon.runtime;

import java.nio.file.Path;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/// How to compile a graph.
///
/// @param donated positions of the inputs whose buffers the execution may take over
/// @param dumpTo directory for the program's text after each pass and for generated code, if asked
///   for
/// @param cacheDir directory where generated code is kept for other processes, if any
public record CompileOptions(
    SortedSet<Integer> donated, Optional<Path> dumpTo, Optional<Path> cacheDir) {
  public CompileOptions {
    donated = Collections.unmodifiableSortedSet(new TreeSet<>(donated));
  }

  /// No donation, no dump, no cache.
  public static final CompileOptions DEFAULT =
      new CompileOptions(new TreeSet<>(), Optional.empty(), Optional.empty());

  /// These options with the first `count` inputs donated.
  public CompileOptions donateFirst(int count) {
    SortedSet<Integer> positions = new TreeSet<>();
    for (int i = 0; i < count; i++) {
      positions.add(i);
    }
    return new CompileOptions(positions, dumpTo, cacheDir);
  }
}
