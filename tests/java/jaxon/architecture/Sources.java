package jaxon.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The files of the checkout that the rules on sources look at.
final class Sources {
  /// The root of the checkout: the first folder, from the working directory upwards, with `bin/`.
  static final Path ROOT =
      Stream.iterate(Path.of("").toAbsolutePath(), path -> path != null, Path::getParent)
          .filter(path -> Files.exists(path.resolve("bin/jvm.flags")))
          .findFirst()
          .orElseThrow();

  /// A text file, its path relative to [#ROOT].
  record Source(Path path, String text) {
    long lines() {
      return text.lines().count();
    }

    @Override
    public String toString() {
      return path.toString();
    }
  }

  private Sources() {}

  /// Every Java file that is not a test, in the order of paths.
  static List<Source> main() {
    return read("src", ".java");
  }

  /// Every Java file, in the order of paths.
  static List<Source> all() {
    return Stream.of(main(), tests(), read("benchmarks", ".java")).flatMap(List::stream).toList();
  }

  /// Every Java file of the tests.
  static List<Source> tests() {
    return Stream.of(read("tests/java", ".java"), read("tests/xla/java", ".java"))
        .flatMap(List::stream)
        .toList();
  }

  private static List<Source> read(String folder, String ending) {
    return files(folder).stream()
        .filter(path -> path.toString().endsWith(ending))
        .map(path -> new Source(path, text(path)))
        .toList();
  }

  /// The paths of all files below a folder of the checkout, sorted; none if there is no such
  /// folder.
  static List<Path> files(String folder) {
    if (!Files.isDirectory(ROOT.resolve(folder))) {
      return List.of();
    }
    try (Stream<Path> paths = Files.walk(ROOT.resolve(folder))) {
      return paths
          .filter(Files::isRegularFile)
          .map(ROOT::relativize)
          .filter(path ->
              Stream.iterate(path, p -> p != null, Path::getParent)
                  .noneMatch(p -> p.endsWith("target")))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Path path) {
    try {
      return Files.readString(ROOT.resolve(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
