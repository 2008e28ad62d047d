package jaxon.trainer;

import org.jspecify.annotations.Nullable;

/// A run cannot start or go on; the message is for the user and says what to do.
public final class TrainingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean usage;

  private TrainingException(String message, boolean usage, @Nullable Throwable cause) {
    super(message, cause);
    this.usage = usage;
  }

  /// Something that was asked for is wrong.
  static TrainingException usage(String message) {
    return new TrainingException(message, true, null);
  }

  /// Something went wrong.
  public static TrainingException failure(String message, @Nullable Throwable cause) {
    return new TrainingException(message, false, cause);
  }

  /// True if the user asked for something wrong, false if something failed.
  public boolean isUsage() {
    return usage;
  }
}
