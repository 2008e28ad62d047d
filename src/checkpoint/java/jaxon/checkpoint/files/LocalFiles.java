package jaxon.checkpoint.files;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import jaxon.config.Place;

/// Files of this machine, or of a file system mounted here.
public final class LocalFiles implements CheckpointFiles {
  private static final System.Logger LOG = System.getLogger(LocalFiles.class.getName());

  /// Larger blocks are a file system's wish, not a rule.
  private static final long MOST_BLOCK = 1 << 16;

  /// The option that opens a file past the system's page cache, where the JDK has one: it is not
  /// part of the Java API. Memory, sizes and places are multiples of the file system's blocks then.
  public static final Optional<OpenOption> DIRECT = direct();

  private static Optional<OpenOption> direct() {
    try {
      for (Object option :
          Class.forName("com.sun.nio.file.ExtendedOpenOption").getEnumConstants()) {
        if (option.toString().equals("DIRECT") && option instanceof OpenOption direct) {
          return Optional.of(direct);
        }
      }
    } catch (ClassNotFoundException e) {
      LOG.log(System.Logger.Level.DEBUG, "files are written by way of the page cache", e);
    }
    return Optional.empty();
  }

  private final Path root;

  /// The files below a directory, which need not be there yet.
  public LocalFiles(Path root) {
    this.root = root;
  }

  private Path path(String name) {
    return name.isEmpty() ? root : root.resolve(name);
  }

  @Override
  public Place place() {
    return Place.of(root);
  }

  @Override
  public boolean canRename() {
    return true;
  }

  @Override
  public void createPlace() throws IOException {
    List<Path> missing = new ArrayList<>();
    Path path = root.toAbsolutePath();
    while (path != null && attributes(path).isEmpty()) {
      missing.add(path);
      path = path.getParent();
    }
    Files.createDirectories(root);
    for (Path made : missing) {
      if (made.getParent() != null) {
        force(made.getParent());
      }
    }
  }

  @Override
  public void createDirectory(String name) throws IOException {
    Files.createDirectories(path(name));
  }

  @Override
  public NewFile create(String name) throws IOException {
    Path file = path(name);
    // Channels, not mappings: a failing write is an exception here, a dead process there.
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    return new NewFile() {
      @Override
      public void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
      }

      @Override
      public void force() throws IOException {
        channel.force(true);
      }

      @Override
      public void close() throws IOException {
        channel.close();
      }
    };
  }

  @Override
  public NewFile createLarge(String name, long about) throws IOException {
    Path file = path(name);
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try {
      long block = Files.getFileStore(file).getBlockSize();
      if (DIRECT.isPresent() && block <= MOST_BLOCK && StagedFile.PIECE % block == 0) {
        // Opened once more: where the option is refused the file is there all the same.
        FileChannel direct = FileChannel.open(file, StandardOpenOption.WRITE, DIRECT.get());
        channel.close();
        return new StagedFile(direct, (int) block);
      }
    } catch (IOException | UnsupportedOperationException e) {
      // Not every file system can do it; what is wrong with the file itself, writing will show.
      LOG.log(System.Logger.Level.DEBUG, "writing " + file + " by way of the page cache", e);
    }
    return new StagedFile(channel, 1);
  }

  @Override
  public StoredFile open(String name) throws IOException {
    Path file = path(name);
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    return new StoredFile() {
      @Override
      public long size() throws IOException {
        return channel.size();
      }

      @Override
      public void read(ByteBuffer into, long position) throws IOException {
        long at = position;
        while (into.hasRemaining()) {
          int count = channel.read(into, at);
          if (count < 0) {
            throw new EOFException(
                "%s ends at byte %,d, %,d more are wanted"
                    .formatted(file, channel.size(), into.remaining()));
          }
          at += count;
        }
      }

      @Override
      public void close() throws IOException {
        channel.close();
      }
    };
  }

  @Override
  public void rename(String from, String to) throws IOException {
    if (attributes(path(to), LinkOption.NOFOLLOW_LINKS).isPresent()) {
      throw new FileAlreadyExistsException(path(to).toString());
    }
    Files.move(path(from), path(to), StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void delete(String name) throws IOException {
    Files.delete(path(name));
  }

  @Override
  public void forceDirectory(String name) throws IOException {
    force(path(name));
  }

  private static void force(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public List<String> list(String name) throws IOException {
    try (Stream<Path> files = Files.list(path(name))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  @Override
  public boolean isDirectory(String name) throws IOException {
    // The place itself may be a link that somebody has made; those within are ours.
    LinkOption[] options =
        name.isEmpty() ? new LinkOption[0] : new LinkOption[] {LinkOption.NOFOLLOW_LINKS};
    return attributes(path(name), options).map(BasicFileAttributes::isDirectory).orElse(false);
  }

  @Override
  public boolean isFile(String name) throws IOException {
    return attributes(path(name)).map(BasicFileAttributes::isRegularFile).orElse(false);
  }

  /// What a path leads to; empty only if it certainly leads to nothing.
  private static Optional<BasicFileAttributes> attributes(Path path, LinkOption... options)
      throws IOException {
    try {
      return Optional.of(Files.readAttributes(path, BasicFileAttributes.class, options));
    } catch (NoSuchFileException | NotDirectoryException e) {
      return Optional.empty();
    } catch (FileSystemException e) {
      // A file where a directory should be has no exception of its own on every system.
      Path parent = path.getParent();
      if (parent != null && attributes(parent).filter(at -> !at.isDirectory()).isPresent()) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
