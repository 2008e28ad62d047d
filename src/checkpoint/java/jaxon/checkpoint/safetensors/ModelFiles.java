package jaxon.checkpoint.safetensors;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import jaxon.checkpoint.CheckpointException;

/// Finds files that a model's directory names, or is trusted to hold, without leaving it.
public final class ModelFiles {
  private ModelFiles() {}

  /// The place of a file: a regular file of the directory itself, or one that a link there leads to
  /// in the blobs of a Hugging Face cache.
  ///
  /// @param what how messages call the file
  /// @param name a plain name
  /// @throws CheckpointException if it is missing, is a pipe or a device, or lies elsewhere
  public static Path find(String what, Path directory, String name) {
    try {
      Path real = directory.toRealPath();
      Path file = real.resolve(name);
      if (!Files.isRegularFile(file)) {
        throw CheckpointException.usage(
            what + " is missing, or is not a regular file; get all files of the model");
      }
      Path home = file.toRealPath().getParent();
      if (!real.equals(home) && !real.resolve("../../blobs").normalize().equals(home)) {
        throw CheckpointException.usage(what + " leads out of the model's directory");
      }
      return file;
    } catch (IOException | InvalidPathException e) {
      throw CheckpointException.usage("%s cannot be found: %s".formatted(what, e), e);
    }
  }
}
