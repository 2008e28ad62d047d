package jaxon.runtime.profile;

/// A kernel that ran.
///
/// @param worker the thread: 0 is the one that runs the program; on the others only the share of a
///   kernel is an event; [Profiler#COMMUNICATION] for a collective that ran beside kernels
/// @param startNanos when it began, by [System#nanoTime]
/// @param nanos how long it took; what it ran inside (the body of a loop) is part of it
public record KernelEvent(int worker, KernelWork work, long startNanos, long nanos) {
  /// When it ended.
  public long endNanos() {
    return startNanos + nanos;
  }
}
