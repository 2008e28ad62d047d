package jaxon.trainer;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/// Keeps others out of directories of checkpoints; the system releases it when the process ends,
/// however it ends.
public final class RunLock implements AutoCloseable {
  private final List<FileChannel> channels = new ArrayList<>();

  private RunLock() {}

  /// Takes the locks of directories, which must be there.
  ///
  /// @throws TrainingException if somebody else has one
  public static RunLock take(Path... directories) {
    RunLock lock = new RunLock();
    try {
      for (Path directory : directories) {
        lock.add(directory.resolve(".lock"));
      }
      return lock;
    } catch (RuntimeException | Error e) {
      lock.close();
      throw e;
    }
  }

  private void add(Path file) {
    try {
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      channels.add(channel);
      if (!isLocked(channel)) {
        throw TrainingException.usage(
            "another process is training this run: it holds %s. Wait for its end or choose another run"
                .formatted(file));
      }
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
      for (FileChannel channel : channels) {
        channel.close();
      }
    } catch (IOException e) {
      throw TrainingException.failure("cannot release a lock: " + e, e);
    }
  }
}
