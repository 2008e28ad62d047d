package jaxon.runtime.profile;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Records kernels into memory that is allocated before: when it is full, the oldest events give
/// way.
///
/// At most one profiler records in a process. While none does, a kernel costs one read of a field.
public final class Profiler {
  /// The worker of events that are collectives on their way, beside the kernels.
  public static final int COMMUNICATION = -1;

  /// The latest events of one thread, written by that thread alone.
  private static final class Track {
    private final KernelWork[] works;
    private final long[] starts;
    private final long[] nanos;
    private long count;

    Track(int capacity) {
      works = new KernelWork[capacity];
      starts = new long[capacity];
      nanos = new long[capacity];
    }

    void add(KernelWork work, long start, long duration) {
      int place = (int) (count++ % works.length);
      works[place] = work;
      starts[place] = start;
      nanos[place] = duration;
    }

    void collect(int worker, List<KernelEvent> events) {
      for (long i = Math.max(0, count - works.length); i < count; i++) {
        int place = (int) (i % works.length);
        events.add(new KernelEvent(worker, works[place], starts[place], nanos[place]));
      }
    }
  }

  /// Collectives kept at most.
  private static final int MAX_TRANSFERS = 1 << 16;

  /// True on threads whose kernels nobody records.
  private static final ThreadLocal<Boolean> UNHEARD = ThreadLocal.withInitial(() -> false);

  private static volatile @Nullable Profiler recording;

  private final Track[] tracks;
  private final Track communication;
  private KernelWork current = KernelWork.UNKNOWN;

  /// @param workers threads of the engine, the calling one included
  /// @param capacity events kept of each thread, at least 1
  public Profiler(int workers, int capacity) {
    if (workers < 1 || capacity < 1) {
      throw new IllegalArgumentException(
          "needs workers >= 1 and capacity >= 1, got " + workers + " and " + capacity);
    }
    tracks = new Track[workers];
    for (int i = 0; i < workers; i++) {
      tracks[i] = new Track(capacity);
    }
    communication = new Track(Math.min(capacity, MAX_TRANSFERS));
  }

  /// The profiler that records now, if any, and if it listens to this thread.
  public static @Nullable Profiler recording() {
    Profiler now = recording;
    return now == null || UNHEARD.get() ? null : now;
  }

  /// Has nothing recorded of what programs do on this thread from now on: of several devices in one
  /// process only the first is listened to, as all of them do the same.
  public static void unheard() {
    UNHEARD.set(true);
  }

  /// Records from now on; throws [IllegalStateException] while another one does.
  public void start() {
    synchronized (Profiler.class) {
      if (recording != null) {
        throw new IllegalStateException("another profiler is recording");
      }
      recording = this;
    }
  }

  /// Stops recording; the events stay.
  public void stop() {
    synchronized (Profiler.class) {
      if (recording == this) {
        recording = null;
      }
    }
  }

  /// Called by the thread that runs a program before each kernel.
  public void begin(KernelWork work) {
    current = work;
  }

  /// The kernel that runs now: what worker threads have a share in.
  public KernelWork current() {
    return current;
  }

  /// Called by a thread after a kernel, or its share of one; threads beyond those announced are
  /// left out.
  public void record(int worker, KernelWork work, long startNanos) {
    if (worker < tracks.length) {
      tracks[worker].add(work, startNanos, System.nanoTime() - startNanos);
    }
  }

  /// Called by the thread that runs a program when it has waited for a collective.
  public void recordTransfer(KernelWork work, long startNanos, long endNanos) {
    communication.add(work, startNanos, endNanos - startNanos);
  }

  /// Forgets all events; not while recording.
  public void clear() {
    for (Track track : tracks) {
      track.count = 0;
    }
    communication.count = 0;
  }

  /// All events in the order of their beginning, those that contain others first; not while
  /// recording.
  public List<KernelEvent> events() {
    List<KernelEvent> events = new ArrayList<>();
    communication.collect(COMMUNICATION, events);
    for (int worker = 0; worker < tracks.length; worker++) {
      tracks[worker].collect(worker, events);
    }
    events.sort(
        Comparator.comparingInt(KernelEvent::worker)
            .thenComparingLong(KernelEvent::startNanos)
            .thenComparing(Comparator.comparingLong(KernelEvent::nanos).reversed()));
    return events;
  }

  /// Threads that it listens to.
  public int workers() {
    return tracks.length;
  }

  /// Events that gave way to later ones.
  public long dropped() {
    long dropped = 0;
    for (Track track : tracks) {
      dropped += Math.max(0, track.count - track.works.length);
    }
    return dropped;
  }
}
