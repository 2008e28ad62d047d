package jaxon.collective;

import org.jspecify.annotations.Nullable;

/// A peer has ended, or nothing can be heard from it any more.
public final class PeerLostException extends CollectiveException {
  private static final long serialVersionUID = 1;

  public PeerLostException(String message, int peer, @Nullable Throwable cause) {
    super(message, peer, cause);
  }
}
