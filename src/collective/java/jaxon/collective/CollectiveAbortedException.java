package jaxon.collective;

import org.jspecify.annotations.Nullable;

/// Another rank gave up a collective; the message is that rank's own.
public final class CollectiveAbortedException extends CollectiveException {
  private static final long serialVersionUID = 1;

  public CollectiveAbortedException(String message, int peer, @Nullable Throwable cause) {
    super(message, peer, cause);
  }
}
