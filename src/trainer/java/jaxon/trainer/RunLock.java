package jaxon.trainer;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Keeps others out of a directory of checkpoints; the system releases it when the process ends,
/// however it ends.
public final class RunLock implements AutoCloseable {
  private final FileChannel channel;

  private RunLock(FileChannel channel) {
    this.channel = channel;
  }

  /// Takes the lock of a directory, which must be there.
  ///
  /// @throws TrainingException if somebody else has it
  public static RunLock take(Path directory) {
    Path file = directory.resolve(".lock");
    try {
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!isLocked(channel)) {
        channel.close();
        throw TrainingException.usage(
            "another process is training this run: it holds %s. Wait for its end or choose another run"
                .formatted(file));
      }
      return new RunLock(channel);
    } catch (IOException e) {
      throw TrainingException.failure("cannot lock " + file + ": " + e, e);
    }
  }

  private static boolean isLocked(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw TrainingException.failure("cannot release a lock: " + e, e);
    }
  }
}
