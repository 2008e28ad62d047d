package jaxon.collective;

import org.jspecify.annotations.Nullable;

/// Ranks of a group called different collectives at the same place of their sequence.
public final class CollectiveMismatchException extends CollectiveException {
  private static final long serialVersionUID = 1;

  public CollectiveMismatchException(String message, int peer, @Nullable Throwable cause) {
    super(message, peer, cause);
  }
}
