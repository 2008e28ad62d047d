package jaxon.trainer;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/// Turns SIGINT and SIGTERM into a request to stop after the current step.
///
/// The JVM starts its shutdown at the signal; a shutdown hook holds it until the run has ended and
/// then ends the process: with exit code 0 after a run that completed, with 1 after one that
/// failed.
final class GracefulStop implements AutoCloseable {
  /// Time for the message of a failure to be printed by the thread that ran.
  private static final Duration LAST_WORDS = Duration.ofSeconds(1);

  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread runner = Thread.currentThread();
  private final Thread hook = new Thread(this::onShutdown, "graceful-stop");
  private volatile boolean requested;
  private volatile boolean completed;

  private GracefulStop() {}

  static GracefulStop install() {
    GracefulStop stop = new GracefulStop();
    Runtime.getRuntime().addShutdownHook(stop.hook);
    return stop;
  }

  boolean isRequested() {
    return requested;
  }

  /// Asks as a signal does.
  void request() {
    requested = true;
  }

  /// The run has done all that was asked, or stopped as asked.
  void completed() {
    completed = true;
  }

  private void onShutdown() {
    request();
    try {
      ended.await();
      if (!completed) {
        runner.join(LAST_WORDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(completed ? 0 : 1);
  }

  /// The run has ended and all it had to say is written.
  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // A signal came; the hook is waiting for the latch.
      System.getLogger("jaxon.trainer").log(System.Logger.Level.DEBUG, "stopping", e);
    }
    ended.countDown();
  }
}
