package jaxon.checkpoint.files;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// The file operations that checkpoints are made of.
public interface CheckpointFiles {
  /// Makes a directory and those above it, unless they are there.
  ///
  /// @return those that were not there
  List<Path> createDirectories(Path directory) throws IOException;

  /// Makes a file, which must not be there yet.
  NewFile create(Path file) throws IOException;

  /// Makes a file for many bytes, which are lost unless they are forced; nothing can be written
  /// after that.
  default NewFile createLarge(Path file) throws IOException {
    return create(file);
  }

  /// Opens a regular file for reading.
  StoredFile open(Path file) throws IOException;

  /// Renames a file or directory within its file system; the new name must be free.
  void rename(Path from, Path to) throws IOException;

  /// Removes a file or an empty directory.
  void delete(Path path) throws IOException;

  /// Makes the names in a directory durable.
  void forceDirectory(Path directory) throws IOException;

  /// The names in a directory, sorted; none if there is no such directory.
  List<String> list(Path directory) throws IOException;

  /// Whether this is a directory, and no link to one.
  ///
  /// @throws IOException if that cannot be found out: it may be there all the same
  boolean isDirectory(Path path) throws IOException;

  /// Whether this is a regular file.
  ///
  /// @throws IOException if that cannot be found out: it may be there all the same
  boolean isFile(Path path) throws IOException;
}
