package jaxon.checkpoint;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/// Work in parts that all free threads share.
///
/// A parallel stream may return a failure while other parts still run, and write to memory that
/// their owner takes for free.
public final class ParallelWork {
  private ParallelWork() {}

  /// Does the parts 0 to below `count`; all that has begun has ended when this returns. After a
  /// failure, which is thrown in the end, no other part begins.
  public static void forEach(int count, IntConsumer part) {
    Queue<RuntimeException> failures = new ConcurrentLinkedQueue<>();
    Queue<Error> errors = new ConcurrentLinkedQueue<>();
    IntStream.range(0, count)
        .parallel()
        .forEach(i -> {
          if (!failures.isEmpty() || !errors.isEmpty()) {
            return;
          }
          try {
            part.accept(i);
          } catch (RuntimeException e) {
            failures.add(e);
          } catch (Error e) {
            errors.add(e);
          }
        });
    for (Error error : errors) {
      throw error;
    }
    for (RuntimeException failure : failures) {
      throw failure;
    }
  }
}
