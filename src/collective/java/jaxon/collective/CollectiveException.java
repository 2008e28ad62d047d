package jaxon.collective;

import org.jspecify.annotations.Nullable;

/// A collective could not be completed. The message names the rank, the collective with its
/// sequence number and size, and the peer that is to blame if one is.
public class CollectiveException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /// No peer in particular.
  public static final int NO_PEER = -1;

  private final String text;
  private final int peer;

  public CollectiveException(String message, int peer, @Nullable Throwable cause) {
    super(message, cause);
    this.text = message;
    this.peer = peer;
  }

  @Override
  public final String getMessage() {
    return text;
  }

  /// The rank, of the world, that is to blame, or [#NO_PEER].
  public final int peer() {
    return peer;
  }
}
