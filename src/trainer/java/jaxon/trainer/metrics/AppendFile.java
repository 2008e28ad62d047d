package jaxon.trainer.metrics;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A file that grows by whole records: a record is in it completely or not at all.
///
/// Each record is handed to the operating system at once. If the disk is full after half of it,
/// that half is cut off again, so that what is written later can be read.
final class AppendFile implements AutoCloseable {
  private final Path path;
  private final SeekableByteChannel channel;

  AppendFile(Path path, SeekableByteChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /// Makes a file that must not exist yet, and the directories above it.
  static AppendFile create(Path path) {
    return open(path, 0, StandardOpenOption.CREATE_NEW);
  }

  /// Opens a file, makes it if need be, and keeps its first `keep` bytes.
  static AppendFile openAt(Path path, long keep) {
    return open(path, keep, StandardOpenOption.CREATE);
  }

  private static AppendFile open(Path path, long keep, OpenOption creation) {
    try {
      Path directory = path.toAbsolutePath().getParent();
      if (directory != null) {
        Files.createDirectories(directory);
      }
      FileChannel channel = FileChannel.open(path, creation, StandardOpenOption.WRITE);
      channel.truncate(keep);
      channel.position(keep);
      return new AppendFile(path, channel);
    } catch (IOException e) {
      throw failure("open", path, e);
    }
  }

  Path path() {
    return path;
  }

  void append(byte[] record) {
    if (!channel.isOpen()) {
      throw new IllegalStateException("metrics came after " + path + " was closed");
    }
    try {
      long start = channel.position();
      try {
        writeFully(ByteBuffer.wrap(record));
      } catch (IOException e) {
        cutTo(start, e);
        throw e;
      }
    } catch (IOException e) {
      throw failure("write", path, e);
    }
  }

  private void writeFully(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  private void cutTo(long start, IOException cause) {
    try {
      channel.truncate(start);
      channel.position(start);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  /// Makes what was appended durable.
  void force() {
    try {
      if (channel instanceof FileChannel file && file.isOpen()) {
        file.force(false);
      }
    } catch (IOException e) {
      throw failure("write", path, e);
    }
  }

  /// Closes the file; closing again does nothing.
  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw failure("close", path, e);
    }
  }

  static MetricSinkException failure(String verb, Path path, IOException e) {
    return new MetricSinkException(
        "cannot "
            + verb
            + " metrics file "
            + path
            + ": "
            + e
            + "; check free space and permissions",
        e);
  }
}
