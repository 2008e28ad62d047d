package jaxon.runtime.kernel;

/// How work of a kernel is cut into tasks: into consecutive ranges of about equal size, by the
/// work's shape alone, so that results do not depend on the number of threads.
///
/// @param units pieces of work that are not cut further
public record Cut(long units, int tasks) {
  /// Below this many bytes a task costs more to hand over than to do.
  private static final long GRAIN = 64 * 1024;

  /// More tasks than any machine has use for; keeps the cost of counting them small.
  private static final int MOST = 128;

  /// The cut of `units` that touch `bytes` in all.
  static Cut of(long units, long bytes) {
    return new Cut(units, Math.clamp(Math.min(units, bytes / GRAIN), 1, MOST));
  }

  /// The first unit of task `index`.
  long from(int index) {
    return units * index / tasks;
  }

  /// The unit after the last one of task `index`.
  long to(int index) {
    return units * (index + 1) / tasks;
  }
}
