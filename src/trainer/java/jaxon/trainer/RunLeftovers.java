package jaxon.trainer;

/// What processes of a run that were killed have left on this host.
public final class RunLeftovers {
  private RunLeftovers() {}

  /// Removes the shared memory of processes that have ended.
  public static void remove() {
    DriverDirectory.removeAbandoned();
  }
}
