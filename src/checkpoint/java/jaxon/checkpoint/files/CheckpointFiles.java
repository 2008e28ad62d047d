package jaxon.checkpoint.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import jaxon.config.Place;

/// The file operations that checkpoints are made of, below one place.
///
/// Names are relative to the place, their parts divided by `/`; the empty name is the place itself.
public interface CheckpointFiles {
  /// Where the files are.
  Place place();

  /// Whether there is [#rename], and a directory can therefore be filled under another name than
  /// its own; otherwise there is [#copyDirectory].
  boolean canRename();

  /// Makes the place and what is above it, unless it is there; durable on return.
  void createPlace() throws IOException;

  /// Makes a directory of the place.
  void createDirectory(String name) throws IOException;

  /// Makes a file, which must not be there yet.
  NewFile create(String name) throws IOException;

  /// Makes a file for many bytes, which are lost unless they are forced; nothing can be written
  /// after that.
  ///
  /// @param about how many bytes there will be, more or less
  default NewFile createLarge(String name, long about) throws IOException {
    return create(name);
  }

  /// Makes a small file in a directory of the place that is there with its content or not at all;
  /// durable on return.
  ///
  /// @throws java.nio.file.FileAlreadyExistsException if there is one
  default void put(String name, byte[] content) throws IOException {
    String draft = name + ".tmp";
    try (NewFile file = create(draft)) {
      file.write(ByteBuffer.wrap(content));
      file.force();
    }
    rename(draft, name);
    forceDirectory(name.substring(0, name.lastIndexOf('/')));
  }

  /// Opens a regular file for reading.
  StoredFile open(String name) throws IOException;

  /// Renames a file or directory, at once or not at all; the new name must be free.
  void rename(String from, String to) throws IOException;

  /// Makes a directory with the same files as another.
  ///
  /// @param last the name of the file in it that is there only when all others are
  default void copyDirectory(String from, String to, String last) throws IOException {
    throw new UnsupportedOperationException("directories of " + place() + " are renamed");
  }

  /// Removes a file or an empty directory.
  void delete(String name) throws IOException;

  /// Removes a directory and the files in it, in any order.
  default void deleteDirectory(String name) throws IOException {
    for (String file : list(name)) {
      delete(name + "/" + file);
    }
    delete(name);
  }

  /// Makes the names in a directory durable.
  void forceDirectory(String name) throws IOException;

  /// Removes what writers that were killed have left and nobody sees; none may be writing.
  default void removeUnfinished() throws IOException {}

  /// The names in a directory, sorted; none if there is no such directory.
  List<String> list(String name) throws IOException;

  /// Whether this is a directory, and no link to one, but for the place itself.
  ///
  /// @throws IOException if that cannot be found out: it may be there all the same
  boolean isDirectory(String name) throws IOException;

  /// Whether this is a regular file.
  ///
  /// @throws IOException if that cannot be found out: it may be there all the same
  boolean isFile(String name) throws IOException;

  /// Those of the names that are regular files.
  default List<String> filesAmong(List<String> names) throws IOException {
    List<String> found = new ArrayList<>();
    for (String name : names) {
      if (isFile(name)) {
        found.add(name);
      }
    }
    return found;
  }
}
