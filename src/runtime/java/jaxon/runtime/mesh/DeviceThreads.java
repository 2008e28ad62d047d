package jaxon.runtime.mesh;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import jaxon.collective.CollectiveException;
import jaxon.runtime.profile.Profiler;
import org.jspecify.annotations.Nullable;

/// A thread for each device of this process, so that they can wait for each other.
///
/// With one device its work is done on the calling thread.
final class DeviceThreads implements AutoCloseable {
  /// Hears of the first failure of a device.
  interface FailureListener {
    void failed(int place, Throwable cause);
  }

  private final List<ExecutorService> threads;
  private final FailureListener onFailure;

  /// @param first id of the first device, for the threads' names
  /// @param onFailure hears which place has failed with what, so that the others can be told
  DeviceThreads(int first, int count, FailureListener onFailure) {
    this.onFailure = onFailure;
    threads =
        count == 1
            ? List.of()
            : IntStream.range(0, count).mapToObj(place -> thread(first + place)).toList();
    quieten();
  }

  private static ExecutorService thread(int device) {
    return Executors.newSingleThreadExecutor(
        Thread.ofPlatform().name("jaxon-device-" + device).daemon().factory());
  }

  /// Leaves the first device alone to the profiler.
  private void quieten() {
    for (int place = 1; place < threads.size(); place++) {
      threads.get(place).execute(Profiler::unheard);
    }
  }

  /// Does `work` for each device at the same time and gives the results by place.
  ///
  /// Returns when all have ended. If some failed, throws what began it: an error of a collective
  /// counts only if there is no other.
  <T> List<T> run(IntFunction<T> work) {
    if (threads.isEmpty()) {
      return List.of(watched(0, work));
    }
    List<Future<T>> futures = new ArrayList<>();
    for (int place = 0; place < threads.size(); place++) {
      int own = place;
      futures.add(threads.get(place).submit(() -> watched(own, work)));
    }
    List<T> results = new ArrayList<>();
    @Nullable Throwable failure = null;
    for (Future<T> future : futures) {
      try {
        results.add(await(future));
      } catch (ExecutionException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        boolean isCause =
            failure == null
                || (failure instanceof CollectiveException
                    && !(cause instanceof CollectiveException));
        failure = isCause ? cause : failure;
      }
    }
    rethrow(failure);
    return results;
  }

  private <T> T watched(int place, IntFunction<T> work) {
    try {
      return work.apply(place);
    } catch (RuntimeException | Error e) {
      onFailure.failed(place, e);
      throw e;
    }
  }

  /// Devices work on memory of the caller's, so an interrupt is kept for later: collectives have
  /// deadlines of their own.
  private static <T> T await(Future<T> future) throws ExecutionException {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return future.get();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static void rethrow(@Nullable Throwable failure) {
    switch (failure) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalStateException("a device failed", failure);
    }
  }

  @Override
  public void close() {
    threads.forEach(ExecutorService::shutdown);
  }
}
