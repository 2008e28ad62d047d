package jaxon.collective.algorithm;

import java.util.Optional;

/// Carries frames between the ranks of a world: from each rank to each other one reliably and in
/// order. Nothing blocks; one thread at a time uses a transport.
public interface Transport extends AutoCloseable {
  /// Takes the frames of a peer, one after the other.
  @FunctionalInterface
  interface FrameHandler {
    /// One frame, whose payload of `length` bytes lies at `address` until this returns; false to
    /// take no more for now.
    boolean onFrame(Frame frame, long address, int length);
  }

  /// Why nothing more can be done: a rank is gone, or has said that it gives up.
  ///
  /// @param rank that is to blame, or [jaxon.collective.CollectiveException#NO_PEER]
  /// @param lost true if the rank is gone, false if `reason` is what it said
  record Failure(int rank, boolean lost, String reason) {}

  /// This rank's place in the world.
  int rank();

  /// Ranks of the world.
  int size();

  /// The most bytes a frame may carry, at least 8.
  int maxPayload();

  /// Sends a frame with the `length` bytes at `address`, which may be changed afterwards; false if
  /// that has to be tried again.
  boolean offer(int peer, Frame frame, long address, int length);

  /// Hands frames that have arrived from `peer` to `handler`, and says how many. What the handler
  /// throws is thrown here.
  int poll(int peer, FrameHandler handler);

  /// Waits until something may have changed, but not for long; `turns` counts the calls in a row.
  void idle(int turns);

  /// The caller goes on with something else now; what it has offered must reach the others without
  /// it.
  default void handOver() {}

  /// What has happened that makes waiting useless.
  Optional<Failure> failure();

  /// Whether `peer` has said that it will send nothing more; what it sent before still arrives.
  boolean hasClosed(int peer);

  /// Tells all other ranks, if they can be reached, that this one gives up.
  void abort(String reason);

  @Override
  void close();
}
