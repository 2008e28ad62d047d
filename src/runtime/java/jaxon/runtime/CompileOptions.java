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
/// @param placement how inputs and results are cut over the devices, for a backend that has several
/// @param collectives how the device reaches the others, for the program of one device of a mesh
public record CompileOptions(
    SortedSet<Integer> donated,
    Optional<Path> dumpTo,
    Optional<Path> cacheDir,
    Optional<Placement> placement,
    Optional<DeviceCollectives> collectives) {
  public CompileOptions {
    donated = Collections.unmodifiableSortedSet(new TreeSet<>(donated));
  }

  /// No donation, no dump, no cache; inputs and results whole on every device.
  public static final CompileOptions DEFAULT = of(Optional.empty(), Optional.empty());

  /// Default options with places for dumps and for the cache.
  public static CompileOptions of(Optional<Path> dumpTo, Optional<Path> cacheDir) {
    return new CompileOptions(
        new TreeSet<>(), dumpTo, cacheDir, Optional.empty(), Optional.empty());
  }

  /// These options with the first `count` inputs donated.
  public CompileOptions donateFirst(int count) {
    SortedSet<Integer> positions = new TreeSet<>();
    for (int i = 0; i < count; i++) {
      positions.add(i);
    }
    return new CompileOptions(positions, dumpTo, cacheDir, placement, collectives);
  }

  /// These options with inputs and results cut as `placement` says.
  public CompileOptions placed(Placement cut) {
    return new CompileOptions(donated, dumpTo, cacheDir, Optional.of(cut), collectives);
  }

  /// These options for the program of one device of a mesh.
  public CompileOptions onDevice(DeviceCollectives others) {
    return new CompileOptions(donated, dumpTo, cacheDir, Optional.empty(), Optional.of(others));
  }

  /// These options without a dump.
  public CompileOptions withoutDump() {
    return new CompileOptions(donated, Optional.empty(), cacheDir, placement, collectives);
  }
}
