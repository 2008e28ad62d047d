package jaxon.trainer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Where a media driver keeps its files: in shared memory, named after its process, so that those
/// of processes that were killed can be told from others and removed.
///
/// Containers may share the memory and number processes each for itself, so the name tells whose
/// number it is, too.
record DriverDirectory(Path path) {
  private static final System.Logger LOG = System.getLogger(DriverDirectory.class.getName());
  private static final Path SHARED_MEMORY = Path.of("/dev/shm");
  private static final String PREFIX = "jaxon-aeron-" + processNamespace() + "-";
  private static final Pattern NAME = Pattern.compile(PREFIX + "([0-9]+)");

  static DriverDirectory ofThisProcess() {
    return new DriverDirectory(place().resolve(PREFIX + ProcessHandle.current().pid()));
  }

  /// The number of the name space that Linux keeps this process in; 0 elsewhere.
  private static String processNamespace() {
    try {
      return Files.readSymbolicLink(Path.of("/proc/self/ns/pid"))
          .toString()
          .replaceAll("[^0-9]", "");
    } catch (IOException | UnsupportedOperationException e) {
      return "0";
    }
  }

  private static Path place() {
    return Files.isWritable(SHARED_MEMORY)
        ? SHARED_MEMORY
        : Path.of(System.getProperty("java.io.tmpdir"));
  }

  /// Removes what drivers of killed processes have left on this host.
  static void removeAbandoned() {
    List<Path> found;
    try (Stream<Path> files = Files.list(place())) {
      found = files.toList();
    } catch (IOException | UncheckedIOException e) {
      LOG.log(Level.DEBUG, "cannot look for abandoned media drivers", e);
      return;
    }
    found.stream().map(DriverDirectory::new).forEach(DriverDirectory::removeIfAbandoned);
  }

  /// Removes the directory if its process has ended.
  void removeIfAbandoned() {
    Matcher name = NAME.matcher(path.getFileName().toString());
    if (name.matches()
        && Files.isDirectory(path)
        && ProcessHandle.of(Long.parseLong(name.group(1))).isEmpty()) {
      remove();
    }
  }

  /// Removes the directory, if there is one; others may be doing the same.
  void remove() {
    if (!Files.isDirectory(path)) {
      return;
    }
    try (Stream<Path> files = Files.walk(path)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException e) {
      LOG.log(Level.DEBUG, "cannot remove " + path, e);
    }
  }
}
