package jaxon.runtime.cpu.loop;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import jaxon.digest.Sha256;
import org.jspecify.annotations.Nullable;

/// Class files of generated loops in a directory, one file per class.
///
/// A file is the SHA-256 of the class file and then the class file; one that does not fit its
/// digest counts as absent. It appears by a rename, so other processes never see half of it. The
/// cache is only a shortcut: when it cannot be written, nothing is lost but time.
final class ClassCache {
  private static final System.Logger LOG = System.getLogger(ClassCache.class.getName());

  private final Path directory;

  ClassCache(Path directory) {
    this.directory = directory;
  }

  /// The class file stored under `name`, or null.
  byte @Nullable [] find(String name) {
    byte[] stored;
    try {
      stored = Files.readAllBytes(file(name));
    } catch (IOException _) {
      return null;
    }
    if (stored.length < Sha256.BYTES) {
      return null;
    }
    byte[] content = Arrays.copyOfRange(stored, Sha256.BYTES, stored.length);
    byte[] digest = Arrays.copyOf(stored, Sha256.BYTES);
    return Arrays.equals(digest, Sha256.of(content)) ? content : null;
  }

  void put(String name, byte[] content) {
    byte[] digest = Sha256.of(content);
    byte[] stored = Arrays.copyOf(digest, digest.length + content.length);
    System.arraycopy(content, 0, stored, digest.length, content.length);
    try {
      Files.createDirectories(directory);
      Path partial = Files.createTempFile(directory, name, ".part");
      Files.write(partial, stored);
      rename(partial, file(name));
    } catch (IOException e) {
      LOG.log(
          System.Logger.Level.WARNING, "generated code is not cached in " + directory + ": " + e);
    }
  }

  private static void rename(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException _) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private Path file(String name) {
    return directory.resolve(name + ".loop");
  }
}
