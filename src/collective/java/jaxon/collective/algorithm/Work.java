package jaxon.collective.algorithm;

/// A transfer that goes on bit by bit, beside others.
interface Work {
  /// Does what can be done at once; false if that was nothing.
  boolean progress();

  boolean isDone();

  /// The place, in the group, of the rank that this waits for.
  int peer();
}
