package jaxon.collective;

/// A collective that was started.
public interface Pending {
  /// Returns when this rank's result is complete; throws what [Communicator#run] would have thrown.
  void await();

  /// Whether [#await] would return or throw at once.
  boolean isDone();

  /// When it began, by [System#nanoTime]; after [#await] only.
  long startNanos();

  /// When it ended, by [System#nanoTime]; after [#await] only.
  long endNanos();
}
