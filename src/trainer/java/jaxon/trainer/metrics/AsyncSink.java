package jaxon.trainer.metrics;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Hands entries to another sink on one background thread, so that the training loop never waits
/// for the disk.
///
/// The queue is bounded. Nothing is ever dropped: only when the destination has fallen behind by
/// the whole capacity does [#write] wait for a free place. A failure of the destination is thrown
/// by every [#write] after it (which has queued its own entry all the same), every [#flush] and by
/// [#close]: an entry that is missing stays missing, so that nobody may count on what is written.
/// Entries after a failure are still tried, since a full disk may be freed. [#close] returns after
/// the last entry is written and the destination is closed.
///
/// Safe for use by several threads. The background thread is a daemon: a process that exits without
/// closing the sink loses what is queued.
public final class AsyncSink implements MetricSink {
  /// Entries that fit in the queue unless the constructor says otherwise.
  public static final int DEFAULT_CAPACITY = 1024;

  private final MetricSink destination;
  private final BlockingQueue<Message> queue;
  private final Thread worker;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private boolean closed;

  private sealed interface Message {}

  private record Entry(long step, SequencedMap<String, Double> scalars) implements Message {}

  private record Flush(CountDownLatch done) implements Message {}

  private enum End implements Message {
    END
  }

  private AsyncSink(MetricSink destination, int capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException("queue capacity must be at least 1, found " + capacity);
    }
    this.destination = destination;
    this.queue = new ArrayBlockingQueue<>(capacity);
    this.worker = Thread.ofPlatform().name("jaxon-metrics").daemon().unstarted(this::drain);
  }

  /// Starts a writer to `destination`, which this sink owns and closes.
  public static AsyncSink start(MetricSink destination) {
    return start(destination, DEFAULT_CAPACITY);
  }

  /// Starts a writer with room for `capacity` entries that are not written yet.
  public static AsyncSink start(MetricSink destination, int capacity) {
    AsyncSink sink = new AsyncSink(destination, capacity);
    sink.worker.start();
    return sink;
  }

  @Override
  public synchronized void write(long step, SequencedMap<String, Double> scalars) {
    if (closed) {
      throw new IllegalStateException(
          "metrics of step " + step + " came after the sink was closed");
    }
    // A copy, because the loop may fill the same map again for the next step.
    putUninterruptibly(new Entry(step, new LinkedHashMap<>(scalars)));
    throwFailure();
  }

  @Override
  public void flush() {
    CountDownLatch done = new CountDownLatch(1);
    synchronized (this) {
      if (closed) {
        return;
      }
      putUninterruptibly(new Flush(done));
    }
    uninterruptibly(done::await);
    throwFailure();
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    putUninterruptibly(End.END);
    uninterruptibly(worker::join);
    try {
      destination.close();
    } catch (RuntimeException e) {
      keepFailure(e);
    }
    throwFailure();
  }

  private void drain() {
    while (true) {
      try {
        switch (queue.take()) {
          case Entry(long step, SequencedMap<String, Double> scalars) ->
              destination.write(step, scalars);
          case Flush(CountDownLatch done) -> {
            try {
              destination.flush();
            } catch (RuntimeException | Error e) {
              // Before whoever waits looks for it.
              keepFailure(e);
            } finally {
              done.countDown();
            }
          }
          case End _ -> {
            return;
          }
        }
      } catch (InterruptedException e) {
        // Nobody but this class knows the thread; an interrupt must not cost an entry.
        keepFailure(e);
      } catch (RuntimeException | Error e) {
        keepFailure(e);
      }
    }
  }

  private void keepFailure(Throwable e) {
    // The first is enough to know the cause; a list of every failed step would grow without bound.
    failure.compareAndSet(null, e);
  }

  private void throwFailure() {
    Throwable cause = failure.get();
    if (cause != null) {
      throw new MetricSinkException("metrics were not written: " + cause.getMessage(), cause);
    }
  }

  private void putUninterruptibly(Message message) {
    uninterruptibly(() -> queue.put(message));
  }

  private interface Waiting {
    void run() throws InterruptedException;
  }

  /// Waits to the end; an interrupt is kept for later.
  private static void uninterruptibly(Waiting waiting) {
    boolean interrupted = false;
    while (true) {
      try {
        waiting.run();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
