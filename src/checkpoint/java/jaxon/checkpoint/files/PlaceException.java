package jaxon.checkpoint.files;

import java.io.IOException;

/// A place cannot be used as it was asked for: its address must be corrected, or what the settings
/// say. The message tells the user which and how.
public final class PlaceException extends IOException {
  private static final long serialVersionUID = 1L;

  public PlaceException(String message, Throwable cause) {
    super(message, cause);
  }
}
