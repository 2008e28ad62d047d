package jaxon.cluster;

/// A mistake in how the processes of a run were started: numbers that do not fit, an address that
/// is taken or wrong, different configurations.
public final class ClusterUsageException extends ClusterException {
  private static final long serialVersionUID = 1L;

  public ClusterUsageException(String message) {
    super(message);
  }

  public ClusterUsageException(String message, Throwable cause) {
    super(message, cause);
  }
}
