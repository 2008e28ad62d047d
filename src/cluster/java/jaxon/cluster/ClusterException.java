package jaxon.cluster;

/// The processes of a run could not work together: one is gone, or did not come in time.
///
/// The message says what was asked, what was found and what to do; it is meant for the user.
public class ClusterException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ClusterException(String message) {
    super(message);
  }

  public ClusterException(String message, Throwable cause) {
    super(message, cause);
  }
}
