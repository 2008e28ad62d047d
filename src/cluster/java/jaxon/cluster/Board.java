package jaxon.cluster;

import com.hazelcast.core.EntryEvent;
import com.hazelcast.core.HazelcastException;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceNotActiveException;
import com.hazelcast.map.IMap;
import com.hazelcast.map.listener.EntryAddedListener;
import com.hazelcast.map.listener.EntryUpdatedListener;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/// Notes that processes leave for each other, written once and never taken down.
///
/// The shared map may forget, and may tell of a note late or never. So each process keeps a copy of
/// what it has heard, and while it waits for a note it also asks for it.
final class Board {
  private static final System.Logger LOG = System.getLogger("jaxon.cluster");
  private static final Duration ASKING = Duration.ofMillis(500);

  private final IMap<String, String> map;
  private final Map<String, String> copy = new HashMap<>();
  private final BiConsumer<String, String> reader;
  private long changes;

  /// @param reader called for each note of others that arrives by itself, on a thread of
  ///   Hazelcast's
  Board(HazelcastInstance member, BiConsumer<String, String> reader) {
    this.reader = reader;
    map = member.getMap(MemberConfig.BOARD);
    map.addEntryListener((EntryAddedListener<String, String>) this::onEntry, true);
    map.addEntryListener((EntryUpdatedListener<String, String>) this::onEntry, true);
  }

  private void onEntry(EntryEvent<String, String> event) {
    learn(Map.of(event.getKey(), event.getValue()));
    reader.accept(event.getKey(), event.getValue());
  }

  private synchronized void learn(Map<String, String> notes) {
    copy.putAll(notes);
    changed();
  }

  /// Something happened that may end a wait.
  synchronized void changed() {
    changes++;
    notifyAll();
  }

  void put(String key, String value) {
    try {
      map.set(key, value);
    } catch (HazelcastException | HazelcastInstanceNotActiveException e) {
      throw new ClusterException("cannot reach the other processes: " + e.getMessage(), e);
    }
    learn(Map.of(key, value));
  }

  /// As [#put], but gives up after some time; tells whether others can have read it.
  boolean tryPut(String key, String value, Duration time) {
    return finished(() -> map.setAsync(key, value).thenApply(_ -> key), time).isPresent();
  }

  /// The note of that name, if this process has heard of it.
  synchronized Optional<String> heard(String key) {
    return Optional.ofNullable(copy.get(key));
  }

  /// As [#heard], but asks the others when this process has not heard of it.
  Optional<String> ask(String key, Duration time) {
    Optional<String> heard = heard(key);
    if (heard.isPresent()) {
      return heard;
    }
    return finished(() -> map.getAsync(key), time);
  }

  /// The result of an operation; empty when it has none, fails or takes longer.
  private static <T> Optional<T> finished(Supplier<CompletionStage<T>> operation, Duration time) {
    try {
      T result = operation.get().toCompletableFuture().get(time.toMillis(), TimeUnit.MILLISECONDS);
      return Optional.ofNullable(result);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } catch (ExecutionException
        | TimeoutException
        | HazelcastException
        | HazelcastInstanceNotActiveException e) {
      LOG.log(System.Logger.Level.DEBUG, "the board did not answer", e);
      return Optional.empty();
    }
  }

  /// Waits until all notes are here, or the time is over.
  ///
  /// @param check called at each change; what it throws ends the wait
  /// @return whether all are here
  boolean await(Collection<String> keys, Runnable check, Deadline deadline) {
    while (true) {
      Set<String> missing;
      long seen;
      synchronized (this) {
        seen = changes;
        missing = new LinkedHashSet<>(keys);
        missing.removeAll(copy.keySet());
      }
      if (missing.isEmpty()) {
        return true;
      }
      check.run();
      if (deadline.isOver()) {
        return false;
      }
      if (!awaitChange(seen, deadline.left(ASKING))) {
        missing.forEach(key -> ask(key, ASKING).ifPresent(value -> learn(Map.of(key, value))));
      }
    }
  }

  /// How often [#changed] was called, for [#awaitChange].
  synchronized long changes() {
    return changes;
  }

  /// Waits until there have been more than `seen` changes; false when the time is over first.
  synchronized boolean awaitChange(long seen, Duration time) {
    Deadline deadline = Deadline.in(time);
    while (changes == seen) {
      long millis = deadline.left().toMillis();
      if (millis <= 0) {
        return false;
      }
      try {
        wait(millis);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new ClusterException("interrupted while waiting for the other processes", e);
      }
    }
    return true;
  }
}
