package jaxon.collective.memory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import jaxon.collective.Communicator;
import org.jspecify.annotations.Nullable;

/// Ranks of one process, each called from a thread of its own.
///
/// A rank whose thread dies is noticed if the thread is known: those of [#run] are, others by
/// [#watch].
public final class LocalWorld implements AutoCloseable {
  private static final long READERS_NANOS = 20_000;

  /// What a rank does.
  @FunctionalInterface
  public interface Body {
    void run(Communicator communicator) throws Exception;
  }

  /// Why the world is broken: what a rank threw, or that it ended.
  record Failure(int rank, Throwable cause) {}

  private final List<LocalRank> ranks;
  private final Map<List<Integer>, LocalGroup> groups = new HashMap<>();
  private final Duration deadline;
  private final AtomicReference<@Nullable Failure> failure = new AtomicReference<>();
  private final AtomicInteger atWork = new AtomicInteger();
  private final LocalGroup everyone;

  /// A world of `size` ranks; a collective that takes longer than `deadline` fails.
  public LocalWorld(int size, Duration deadline) {
    if (size < 1) {
      throw new IllegalArgumentException("a world has at least 1 rank, got " + size);
    }
    this.deadline = deadline;
    List<Integer> all = IntStream.range(0, size).boxed().toList();
    this.ranks = all.stream().map(rank -> new LocalRank(this, rank)).toList();
    this.everyone = group(all);
  }

  /// The communicator of one rank with all others.
  public Communicator communicator(int rank) {
    return ranks.get(rank).communicator(everyone, rank);
  }

  /// Ranks of this world.
  public int size() {
    return ranks.size();
  }

  /// Tells the world that `thread` makes the calls of a rank, so that its death is noticed.
  public void watch(int rank, Thread thread) {
    ranks.get(rank).watch(thread);
  }

  /// Runs `body` once for each rank, on threads of their own, and returns when all have ended.
  ///
  /// A body that throws, or that returns while others wait for it, breaks the world; throws what
  /// was thrown first, with what the others threw suppressed.
  public static void run(int size, Duration deadline, Body body) {
    try (LocalWorld world = new LocalWorld(size, deadline)) {
      List<Throwable> thrown = new ArrayList<>();
      List<Thread> threads =
          IntStream.range(0, size)
              .mapToObj(rank ->
                  Thread.ofPlatform()
                      .name("jaxon-rank-" + rank)
                      .daemon()
                      .unstarted(() -> world.live(rank, body, thrown)))
              .toList();
      for (int rank = 0; rank < size; rank++) {
        world.watch(rank, threads.get(rank));
      }
      threads.forEach(Thread::start);
      threads.forEach(LocalWorld::join);
      if (!thrown.isEmpty()) {
        throw together(thrown);
      }
    }
  }

  private void live(int rank, Body body, List<Throwable> thrown) {
    Communicator communicator = communicator(rank);
    try {
      body.run(communicator);
    } catch (Throwable e) {
      synchronized (thrown) {
        thrown.add(e);
      }
      communicator.abort(e);
    }
  }

  private static void join(Thread thread) {
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        // The ranks use memory of the caller; their deadlines bound the wait.
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static RuntimeException together(List<Throwable> thrown) {
    Throwable first = thrown.getFirst();
    thrown.stream().skip(1).filter(e -> !e.equals(first)).forEach(first::addSuppressed);
    if (first instanceof Error error) {
      throw error;
    }
    return first instanceof RuntimeException known ? known : new IllegalStateException(first);
  }

  LocalGroup group(List<Integer> members) {
    synchronized (groups) {
      return groups.computeIfAbsent(members, list -> new LocalGroup(this, list));
    }
  }

  LocalRank rank(int place) {
    return ranks.get(place);
  }

  Duration deadline() {
    return deadline;
  }

  Optional<Failure> failure() {
    return Optional.ofNullable(failure.get());
  }

  /// Breaks the world; only the first cause counts.
  void fail(int rank, Throwable cause) {
    if (failure.compareAndSet(null, new Failure(rank, cause))) {
      synchronized (groups) {
        groups.values().forEach(group -> group.barrier().wakeAll());
      }
    }
  }

  /// From here on this rank touches memory of others; false if the world is broken.
  boolean enterWork() {
    atWork.incrementAndGet();
    if (failure.get() == null) {
      return true;
    }
    leaveWork();
    return false;
  }

  void leaveWork() {
    atWork.decrementAndGet();
  }

  /// Returns when no rank touches memory of another any more; the world is broken, so none begins.
  void awaitNoneAtWork() {
    while (atWork.get() > 0) {
      LockSupport.parkNanos(this, READERS_NANOS);
    }
  }

  @Override
  public void close() {
    ranks.forEach(LocalRank::close);
  }
}
