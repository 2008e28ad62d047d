package jaxon.objectstore;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/// Makes several requests at once: each alone waits for the store longer than it works.
final class Together {
  private static final int REQUESTS = 16;

  /// Something to be done with each of many.
  interface Work<T, R> {
    R apply(T item) throws IOException;
  }

  private Together() {}

  /// What becomes of each item, in their order.
  static <T, R> List<R> map(List<T> items, Work<T, R> work) throws IOException {
    Semaphore free = new Semaphore(REQUESTS);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<R>> futures = new ArrayList<>();
      for (T item : items) {
        futures.add(
            threads.submit(() -> {
              free.acquire();
              try {
                return work.apply(item);
              } finally {
                free.release();
              }
            }));
      }
      List<R> results = new ArrayList<>();
      for (Future<R> future : futures) {
        results.add(result(future));
      }
      return results;
    }
  }

  /// Waits for something to be done on another thread; its failure is this one's.
  static <R> R result(Future<R> future) throws IOException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException refusal ? refusal : new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("interrupted while waiting").initCause(e);
    }
  }
}
