package jaxon.checkpoint.safetensors;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import jaxon.checkpoint.CheckpointException;

/// Writes that are on the disk when they return.
public final class SyncedFiles {
  private SyncedFiles() {}

  /// Writes a new file.
  ///
  /// @throws CheckpointException if it exists or cannot be written
  public static void write(Path file, byte[] content) {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
      ByteBuffer bytes = ByteBuffer.wrap(content);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    } catch (IOException e) {
      throw CheckpointException.io("cannot write '%s'".formatted(file), e);
    }
  }

  /// Makes the entries of a directory durable.
  public static void sync(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
