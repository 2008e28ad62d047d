package jaxon.runtime.host;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import jaxon.runtime.profile.Profiler;
import org.jspecify.annotations.Nullable;

/// The threads of an engine: the calling one and `threads - 1` daemons.
///
/// Tasks are dealt out by number, in consecutive ranges, never by who is free; what a task computes
/// may depend on its number alone, so results depend neither on timing nor on the number of
/// threads. Running allocates nothing. A waiting thread spins for some microseconds, because the
/// next kernel usually comes at once, and sleeps then.
public final class WorkerPool implements AutoCloseable {
  /// About 50 µs: longer than the gap between two kernels, shorter than anything a user would see.
  private static final int SPINS = 4_000;

  /// Work that is cut into numbered tasks.
  @FunctionalInterface
  public interface Task {
    /// Does task `index` on thread `worker` (0 is the caller), which is for scratch memory only.
    void run(int index, int worker);
  }

  /// A thread of this pool.
  private final class Worker extends Thread {
    private final int number;

    Worker(int number) {
      super("jaxon-worker-" + number);
      this.number = number;
      setDaemon(true);
    }

    WorkerPool pool() {
      return WorkerPool.this;
    }

    @Override
    public void run() {
      serve(number);
    }
  }

  private final ReentrantLock callers = new ReentrantLock();
  private final AtomicInteger pending = new AtomicInteger();
  private final Thread[] helpers;
  private @Nullable Task task;
  private int tasks;
  private @Nullable Profiler profiler;
  private @Nullable Throwable failure;
  private final AtomicInteger round = new AtomicInteger();
  private volatile boolean closed;

  /// A pool of `threads` in all, at least 1.
  public WorkerPool(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be >= 1, got " + threads);
    }
    helpers = new Thread[threads - 1];
    for (int i = 0; i < helpers.length; i++) {
      int worker = i + 1;
      helpers[i] = new Worker(worker);
      helpers[i].start();
    }
  }

  /// Threads that run tasks, the caller included.
  public int threads() {
    return helpers.length + 1;
  }

  /// Runs tasks `0` to below `count` and returns when all are done; rethrows what one of them
  /// threw.
  ///
  /// A call from inside a task runs its tasks on that thread.
  public void run(int count, Task work) {
    if (count <= 1 || helpers.length == 0 || callers.isHeldByCurrentThread() || isHelper()) {
      for (int i = 0; i < count; i++) {
        work.run(i, 0);
      }
      return;
    }
    callers.lock();
    try {
      task = work;
      tasks = count;
      profiler = Profiler.recording();
      pending.set(helpers.length);
      round.incrementAndGet();
      for (Thread helper : helpers) {
        LockSupport.unpark(helper);
      }
      share(work, count, 0);
      await();
    } finally {
      task = null;
      callers.unlock();
    }
    rethrow();
  }

  private boolean isHelper() {
    return Thread.currentThread() instanceof Worker worker && worker.pool() == this;
  }

  private void share(Task work, int count, int worker) {
    int from = (int) ((long) count * worker / threads());
    int to = (int) ((long) count * (worker + 1) / threads());
    try {
      for (int i = from; i < to; i++) {
        work.run(i, worker);
      }
    } catch (Throwable e) {
      synchronized (this) {
        failure = e;
      }
    }
  }

  private void serve(int worker) {
    int seen = 0;
    while (true) {
      for (int spins = 0; round.get() == seen && !closed; spins++) {
        if (spins < SPINS) {
          Thread.onSpinWait();
        } else {
          LockSupport.park(this);
        }
      }
      if (closed) {
        return;
      }
      seen = round.get();
      Task work = task;
      if (work != null) {
        Profiler listener = profiler;
        long start = listener == null ? 0 : System.nanoTime();
        share(work, tasks, worker);
        if (listener != null) {
          listener.record(worker, listener.current(), start);
        }
      }
      pending.decrementAndGet();
    }
  }

  private void await() {
    for (int spins = 0; pending.get() > 0; spins++) {
      if (spins < SPINS) {
        Thread.onSpinWait();
      } else {
        LockSupport.parkNanos(this, 1_000);
      }
    }
  }

  private void rethrow() {
    Throwable thrown;
    synchronized (this) {
      thrown = failure;
      failure = null;
    }
    switch (thrown) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalStateException("a kernel failed", thrown);
    }
  }

  /// Ends the threads; no task may be running.
  @Override
  public void close() {
    closed = true;
    for (Thread helper : helpers) {
      LockSupport.unpark(helper);
    }
  }
}
