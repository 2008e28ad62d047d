package jaxon.cluster;

import java.time.Duration;

/// A moment that waiting must not pass.
///
/// @param nanos of [System#nanoTime]
record Deadline(long nanos) {
  static Deadline in(Duration time) {
    return new Deadline(System.nanoTime() + time.toNanos());
  }

  /// Time left; not above `most`, and zero when the moment has passed.
  Duration left(Duration most) {
    Duration left = left();
    return left.compareTo(most) < 0 ? left : most;
  }

  Duration left() {
    return Duration.ofNanos(Math.max(0, nanos - System.nanoTime()));
  }

  boolean isOver() {
    return nanos - System.nanoTime() <= 0;
  }
}
