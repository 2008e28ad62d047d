package jaxon.collective;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// The last collectives of a rank, for finding out afterwards who waited for whom.
///
/// A ring buffer: the newest entries replace the oldest ones. All methods may be called by any
/// thread.
public final class FlightRecorder {
  /// Entries kept unless told otherwise.
  public static final int CAPACITY = 256;

  /// How far a collective has come.
  public enum State {
    QUEUED,
    RUNNING,
    DONE,
    FAILED
  }

  /// One collective.
  ///
  /// @param number its place among all of the rank's
  /// @param sequence its place in its group
  /// @param startNanos, endNanos times of [System#nanoTime]; 0 if not yet
  public record Entry(
      long number,
      long sequence,
      List<Integer> members,
      CallHeader header,
      State state,
      Instant queued,
      long startNanos,
      long endNanos) {}

  private final int rank;
  private final Entry[] entries;
  private long next;

  /// A recorder of the rank at place `rank` of the world.
  public FlightRecorder(int rank) {
    this(rank, CAPACITY);
  }

  FlightRecorder(int rank, int capacity) {
    this.rank = rank;
    this.entries = new Entry[capacity];
  }

  /// Adds an entry and gives its number, for [#started] and [#ended].
  synchronized long queued(long sequence, List<Integer> members, CallHeader header) {
    long number = next++;
    entries[(int) (number % entries.length)] =
        new Entry(number, sequence, members, header, State.QUEUED, Instant.now(), 0, 0);
    return number;
  }

  synchronized void started(long number) {
    Entry e = entries[(int) (number % entries.length)];
    if (e.number() == number) {
      replace(e, State.RUNNING, System.nanoTime(), 0);
    }
  }

  synchronized void ended(long number, boolean done) {
    Entry e = entries[(int) (number % entries.length)];
    if (e.number() == number) {
      replace(e, done ? State.DONE : State.FAILED, e.startNanos(), System.nanoTime());
    }
  }

  private void replace(Entry e, State state, long start, long end) {
    entries[(int) (e.number() % entries.length)] =
        new Entry(e.number(), e.sequence(), e.members(), e.header(), state, e.queued(), start, end);
  }

  /// The entries that are kept, oldest first.
  public synchronized List<Entry> entries() {
    List<Entry> kept = new ArrayList<>();
    for (long i = Math.max(0, next - entries.length); i < next; i++) {
      kept.add(entries[(int) (i % entries.length)]);
    }
    return kept;
  }

  /// The entries as a table, oldest first, one line each.
  public String dump() {
    List<Entry> kept = entries();
    StringBuilder text = new StringBuilder();
    text.append("rank %d: the last %d collectives%n".formatted(rank, kept.size()));
    text.append(
        "%8s %8s %-8s %12s  %-26s %s%n"
            .formatted("number", "sequence", "state", "time", "queued", "collective"));
    for (Entry e : kept) {
      text.append(
          "%8d %8d %-8s %12s  %-26s %s in group %s%n"
              .formatted(
                  e.number(),
                  e.sequence(),
                  e.state(),
                  time(e),
                  e.queued(),
                  e.header().text(),
                  CollectiveWords.group(e.members())));
    }
    return text.toString();
  }

  private static String time(Entry e) {
    return switch (e.state()) {
      case QUEUED -> "";
      case RUNNING -> "%.3f ms…".formatted((System.nanoTime() - e.startNanos()) / 1e6);
      case DONE, FAILED -> "%.3f ms".formatted((e.endNanos() - e.startNanos()) / 1e6);
    };
  }
}
