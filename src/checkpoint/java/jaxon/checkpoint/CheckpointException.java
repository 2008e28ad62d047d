package jaxon.checkpoint;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import jaxon.checkpoint.files.PlaceException;
import org.jspecify.annotations.Nullable;

/// A checkpoint, weights or a file that comes with them cannot be written or read.
///
/// The message says what was asked, what was found, what is allowed and what to do; it is meant to
/// be shown to the user without a stack trace.
public final class CheckpointException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// What is to blame.
  public enum Kind {
    /// Something that was asked for is not there or not allowed.
    USAGE,
    /// What is stored is not what was written.
    DAMAGED,
    /// The file system refused.
    IO
  }

  private final Kind kind;

  private CheckpointException(Kind kind, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /// Something that was asked for is not there or not allowed.
  public static CheckpointException usage(String message) {
    return new CheckpointException(Kind.USAGE, message, null);
  }

  /// What was asked for cannot be used, as `cause` shows.
  public static CheckpointException usage(String message, Throwable cause) {
    return new CheckpointException(Kind.USAGE, message, cause);
  }

  /// What is stored is not what was written.
  public static CheckpointException damaged(String message) {
    return new CheckpointException(Kind.DAMAGED, message, null);
  }

  /// What is stored cannot be understood.
  static CheckpointException damaged(String message, Throwable cause) {
    return new CheckpointException(Kind.DAMAGED, message, cause);
  }

  /// The file system refused, or the place cannot be what was asked for.
  public static CheckpointException io(String message, Throwable cause) {
    if (cause instanceof PlaceException) {
      return usage(message + ": " + cause.getMessage(), cause);
    }
    return new CheckpointException(Kind.IO, message + ": " + cause, cause);
  }

  /// What is stored could not be read: damaged if a file is missing or ends too early; anything
  /// else says nothing about what is stored.
  static CheckpointException reading(String message, IOException cause) {
    boolean isDamage = cause instanceof NoSuchFileException || cause instanceof EOFException;
    return isDamage ? damaged(message + ": " + cause, cause) : io(message, cause);
  }

  public Kind kind() {
    return kind;
  }

  /// True if the user asked for something wrong.
  public boolean isUsage() {
    return kind == Kind.USAGE;
  }
}
