package jaxon.collective;

import org.jspecify.annotations.Nullable;

/// A peer neither ended nor did its part of a collective before the deadline.
///
/// Either it hangs, or it runs another program than this rank: compare the flight recorders of
/// both.
public final class CollectiveTimeoutException extends CollectiveException {
  private static final long serialVersionUID = 1;

  public CollectiveTimeoutException(String message, int peer, @Nullable Throwable cause) {
    super(message, peer, cause);
  }
}
