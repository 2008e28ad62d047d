package jaxon.checkpoint;

/// Weights, or a file that comes with them, that cannot be used or written.
///
/// The message says what was asked, what was found, what is allowed and what to do; it is meant to
/// be shown to the user without a stack trace.
public final class WeightsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean usage;

  private WeightsException(String message, boolean usage, Throwable cause) {
    super(message, cause);
    this.usage = usage;
  }

  /// The user's file or argument is wrong.
  public WeightsException(String message) {
    super(message);
    this.usage = true;
  }

  /// The user's file or argument is wrong, as `cause` shows.
  public WeightsException(String message, Throwable cause) {
    this(message, true, cause);
  }

  /// What was asked is right, but the machine did not do it: a full disk, for example.
  public static WeightsException failure(String message, Throwable cause) {
    return new WeightsException(message, false, cause);
  }

  /// Whether the user has something to correct.
  public boolean isUsage() {
    return usage;
  }
}
