package jaxon.collective;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The calls of one rank, carried out one after the other in the order they were made.
///
/// What is started runs on a thread of the queue's own, which exists from the first start on. A
/// call that waits for its result runs on the caller's thread if nothing is before it.
public final class CallQueue implements AutoCloseable {
  private final String name;
  private final ReentrantLock running = new ReentrantLock(true);
  private @Nullable ExecutorService executor;
  private @Nullable Future<?> last;

  /// A queue whose thread is called `name`.
  public CallQueue(String name) {
    this.name = name;
  }

  synchronized Pending start(Runnable work) {
    if (executor == null) {
      executor =
          Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name(name).factory());
    }
    Times times = new Times();
    Future<?> future =
        executor.submit(() -> {
          running.lock();
          times.start = System.nanoTime();
          try {
            work.run();
          } finally {
            times.end = System.nanoTime();
            running.unlock();
          }
        });
    last = future;
    return new Started(future, times);
  }

  void run(Runnable work) {
    Pending queued;
    synchronized (this) {
      queued = last == null || last.isDone() ? null : start(work);
      if (queued == null) {
        running.lock();
      }
    }
    if (queued != null) {
      queued.await();
      return;
    }
    try {
      work.run();
    } finally {
      running.unlock();
    }
  }

  /// Waits until what was started has ended, and takes nothing more.
  @Override
  public void close() {
    ExecutorService started;
    synchronized (this) {
      started = executor;
    }
    if (started != null) {
      started.close();
    }
  }

  /// Written by the queue's thread before the future is done.
  private static final class Times {
    private long start;
    private long end;
  }

  private record Started(Future<?> future, Times times) implements Pending {
    @Override
    public void await() {
      boolean interrupted = false;
      try {
        while (true) {
          try {
            future.get();
            return;
          } catch (InterruptedException e) {
            // The memory of the call is in use until it ends; its deadline bounds the wait.
            interrupted = true;
          }
        }
      } catch (ExecutionException e) {
        throw rethrown(e.getCause());
      } finally {
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
    }

    private static RuntimeException rethrown(@Nullable Throwable cause) {
      if (cause instanceof Error error) {
        throw error;
      }
      return cause instanceof RuntimeException known ? known : new IllegalStateException(cause);
    }

    @Override
    public long startNanos() {
      return times.start;
    }

    @Override
    public long endNanos() {
      return times.end;
    }

    @Override
    public boolean isDone() {
      return future.isDone();
    }
  }
}
