package jaxon.input.source;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/// Turns what the user wrote as a path (a file, a directory or a glob pattern) into a sorted list
/// of files.
///
/// A directory is searched recursively. Hidden files and directories and directories named
/// `target`, `out` and `node_modules` are left out; symbolic links are followed, loops are not. The
/// order is that of the path names, compared character by character with `/` between names, so it
/// is the same on every machine.
public final class FileSearch {
  /// More files than this are refused: such a corpus belongs in JSONL or Parquet.
  static final int MAX_FILES = 1_000_000;

  private static final int MAX_DEPTH = 64;
  private static final Set<String> SKIPPED_DIRECTORIES = Set.of("target", "out", "node_modules");

  private FileSearch() {}

  /// The files that `path` stands for. Of a directory only files that end in one of `suffixes` are
  /// taken (all if empty); a file that is named, or matched by a glob pattern, is taken whatever
  /// its name.
  ///
  /// @throws InputException if nothing is found or `path` cannot be read
  public static List<Path> find(String path, List<String> suffixes) {
    if (path.isBlank()) {
      throw new InputException(
          "No data path is set. Give a file, a directory or a glob pattern such as data/**/*.txt.");
    }
    try {
      Path plain = literal(path);
      if (plain != null && Files.isRegularFile(plain)) {
        return List.of(requireReadable(plain));
      }
      List<Path> found =
          plain != null && Files.isDirectory(plain)
              ? walk(plain, file -> hasSuffix(file, suffixes))
              : glob(path);
      if (found.isEmpty()) {
        throw new InputException(
            "No data files found at '%s'%s. Hidden files and the directories %s are skipped."
                .formatted(
                    path,
                    suffixes.isEmpty() ? "" : " (looked for names that end in " + suffixes + ")",
                    "target, out and node_modules"));
      }
      return List.copyOf(found);
    } catch (IOException e) {
      throw new InputException("Cannot search '%s' for data files: %s".formatted(path, e), e);
    }
  }

  private static Path requireReadable(Path file) {
    if (!Files.isReadable(file)) {
      throw new InputException(
          "The file '%s' exists but may not be read: check its permissions.".formatted(file));
    }
    return file;
  }

  /// The path itself if it exists, or null if it is a pattern or nothing.
  private static @Nullable Path literal(String path) {
    try {
      Path plain = Path.of(path);
      return Files.exists(plain) ? plain : null;
    } catch (InvalidPathException e) {
      return null;
    }
  }

  private static List<Path> glob(String pattern) throws IOException {
    int wild = firstWildcard(pattern);
    if (wild < 0) {
      throw new InputException(
          "The data path '%s' does not exist (seen from %s). Give a file, a directory or a glob pattern."
              .formatted(pattern, Path.of("").toAbsolutePath()));
    }
    int slash = pattern.lastIndexOf('/', wild);
    Path root = Path.of(slash < 0 ? "" : slash == 0 ? "/" : pattern.substring(0, slash));
    if (!Files.isDirectory(root)) {
      throw new InputException(
          "The directory '%s' of the glob pattern '%s' does not exist.".formatted(root, pattern));
    }
    try {
      String rest = pattern.substring(slash + 1);
      PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + rest);
      // As in most shells, "**/" also stands for no directory at all.
      PathMatcher shallow =
          FileSystems.getDefault().getPathMatcher("glob:" + rest.replace("**/", ""));
      return walk(
          root,
          file -> {
            Path relative = root.relativize(file);
            return matcher.matches(relative) || shallow.matches(relative);
          });
    } catch (PatternSyntaxException | InvalidPathException e) {
      throw new InputException(
          "'%s' is not a valid glob pattern: %s".formatted(pattern, e.getMessage()), e);
    }
  }

  private static int firstWildcard(String pattern) {
    for (int i = 0; i < pattern.length(); i++) {
      if ("*?[{".indexOf(pattern.charAt(i)) >= 0) {
        return i;
      }
    }
    return -1;
  }

  private static boolean hasSuffix(Path file, List<String> suffixes) {
    String name = file.toString();
    return suffixes.isEmpty() || suffixes.stream().anyMatch(name::endsWith);
  }

  private static List<Path> walk(Path root, PathMatcher wanted) throws IOException {
    List<Path> found = new ArrayList<>();
    Files.walkFileTree(
        root,
        EnumSet.of(FileVisitOption.FOLLOW_LINKS),
        MAX_DEPTH,
        new Collector(root, wanted, found));
    found.sort(Comparator.comparing(file -> portableName(root, file)));
    return found;
  }

  private static String portableName(Path root, Path file) {
    List<String> names = new ArrayList<>();
    root.relativize(file).forEach(name -> names.add(name.toString()));
    return String.join("/", names);
  }

  /// Collects wanted files and turns away from what is skipped.
  private static final class Collector extends SimpleFileVisitor<Path> {
    private final Path root;
    private final PathMatcher wanted;
    private final List<Path> found;

    Collector(Path root, PathMatcher wanted, List<Path> found) {
      this.root = root;
      this.wanted = wanted;
      this.found = found;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
      if (directory.equals(root)) {
        return FileVisitResult.CONTINUE;
      }
      String name = String.valueOf(directory.getFileName());
      return name.startsWith(".") || SKIPPED_DIRECTORIES.contains(name)
          ? FileVisitResult.SKIP_SUBTREE
          : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      boolean hidden = String.valueOf(file.getFileName()).startsWith(".");
      if (attributes.isRegularFile() && !hidden && wanted.matches(file)) {
        if (found.size() == MAX_FILES) {
          throw new InputException(
              "More than %,d files under '%s': put the corpus into JSONL or Parquet files."
                  .formatted(MAX_FILES, root));
        }
        found.add(requireReadable(file));
      }
      return FileVisitResult.CONTINUE;
    }

    /// Link loops, dangling links and directories without permission are passed over.
    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
      if (file.equals(root)) {
        throw failure;
      }
      return FileVisitResult.CONTINUE;
    }
  }
}
