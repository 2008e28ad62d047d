package jaxon.input;

import java.util.NoSuchElementException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/// Makes the batches of another iterator ahead of time, on one daemon thread.
///
/// The order and the batches are those of the other iterator. [#state] is the place the consumer
/// has reached, not the thread. What the other iterator throws is thrown by the consumer's next
/// call, after the batches that came before it. The other iterator belongs to this one from
/// construction on.
public final class PrefetchingIterator implements BatchIterator {
  private final BatchIterator source;
  private final int depth;
  private @Nullable Worker worker;
  private @Nullable Item head;
  private IteratorState consumed;
  private boolean closed;

  /// @param depth the most batches that wait, at least 1
  public PrefetchingIterator(BatchIterator source, int depth) {
    if (depth < 1) {
      throw new IllegalArgumentException("depth is %d: it must be at least 1".formatted(depth));
    }
    this.source = source;
    this.depth = depth;
    consumed = source.state();
  }

  @Override
  public boolean hasNext() {
    return switch (peek()) {
      case Item.Ready _ -> true;
      case Item.End _ -> false;
      case Item.Failure failure -> throw failure.cause();
    };
  }

  @Override
  public Batch next() {
    return switch (peek()) {
      case Item.Ready ready -> {
        head = null;
        consumed = ready.after();
        yield ready.batch();
      }
      case Item.End _ ->
          throw new NoSuchElementException(
              "The data ended after batch %d: numEpochs is reached.".formatted(consumed.batches()));
      case Item.Failure failure -> throw failure.cause();
    };
  }

  @Override
  public IteratorState state() {
    return consumed;
  }

  @Override
  public void restore(IteratorState state) {
    stop();
    source.restore(state);
    consumed = source.state();
  }

  /// Stops the thread, waits for its end and closes the other iterator.
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      stop();
      source.close();
    }
  }

  private Item peek() {
    if (closed) {
      throw new IllegalStateException("The batch iterator is closed.");
    }
    Item item = head;
    if (item == null) {
      Worker running = worker;
      if (running == null) {
        running = new Worker(source, depth);
        worker = running;
        running.start();
      }
      item = running.take();
      head = item;
    }
    return item;
  }

  private void stop() {
    Worker running = worker;
    if (running != null) {
      running.halt();
      worker = null;
    }
    head = null;
  }

  /// What the thread hands over.
  private sealed interface Item {
    record Ready(Batch batch, IteratorState after) implements Item {}

    record End() implements Item {}

    record Failure(RuntimeException cause) implements Item {}
  }

  /// The thread and its queue; it ends after the last batch, a failure or [#halt].
  private static final class Worker {
    private final BatchIterator source;
    private final BlockingQueue<Item> queue;
    private final Thread thread;
    private volatile boolean halted;

    Worker(BatchIterator source, int depth) {
      this.source = source;
      queue = new ArrayBlockingQueue<>(depth);
      thread = Thread.ofPlatform().daemon().name("jaxon-input-prefetch").unstarted(this::run);
    }

    void start() {
      thread.start();
    }

    private void run() {
      try {
        Item item;
        do {
          item = produce();
          queue.put(item);
        } while (item instanceof Item.Ready && !halted);
      } catch (InterruptedException e) {
        // Nobody holds the thread but this class, which never interrupts it.
        Thread.currentThread().interrupt();
      }
    }

    private Item produce() {
      try {
        return source.hasNext() ? new Item.Ready(source.next(), source.state()) : new Item.End();
      } catch (RuntimeException e) {
        return new Item.Failure(e);
      } catch (Error e) {
        // Out of memory, for one: the consumer must not wait for ever for a thread that died.
        return new Item.Failure(new IllegalStateException("Prefetching failed: " + e, e));
      }
    }

    Item take() {
      try {
        return queue.take();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("Interrupted while waiting for the next batch.", e);
      }
    }

    /// Ends the thread; the source is free to be used when this returns.
    ///
    /// The thread is not interrupted, which would close the files it reads: it finishes the batch
    /// it is at, finds room for it in the emptied queue and then sees that it is to stop.
    void halt() {
      halted = true;
      queue.clear();
      boolean interrupted = false;
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
