package jaxon.collective;

/// A collective that was started.
public interface Pending {
  /// Returns when this rank's result is complete; throws what [Communicator#run] would have thrown.
  void await();

  /// Whether [#await] would return or throw at once.
  boolean isDone();
}
