package jaxon.trainer;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import jaxon.cluster.LostProcess;
import jaxon.cluster.launch.FailedProcess;
import jaxon.cluster.launch.LauncherWatch;
import jaxon.config.Configuration;
import org.jspecify.annotations.Nullable;

/// Ends this process soon after another one is gone, whatever it is doing.
///
/// A collective or a meeting that misses a process ends with an error of its own, which says most.
/// But this process may be far from the next one: it compiles, reads data, or connects to a process
/// that will never come. Then the guard says what it was doing, and ends it.
final class ProcessGuard implements AutoCloseable {
  /// Time to find out by itself and end in order.
  private static final Duration OWN_ERROR = Duration.ofSeconds(2);

  /// More time for one that has found out, to close what it has open.
  private static final Duration CLOSING = Duration.ofMillis(1500);

  private static final int FAILURE = 1;
  private static final int USAGE = 2;

  private final int process;
  private final AbruptEnd end;
  private final Duration ownError;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile String phase = "starting";
  private volatile Supplier<String> records = () -> "";
  private volatile @Nullable Throwable failure;
  private boolean alarmed;

  ProcessGuard(int process, AbruptEnd end, Duration ownError) {
    this.process = process;
    this.end = end;
    this.ownError = ownError;
  }

  /// A guard that hears of failures from the launcher, if this process was launched with others.
  static ProcessGuard of(Configuration config, AbruptEnd end) {
    ProcessGuard guard = new ProcessGuard(config.cluster().processId(), end, OWN_ERROR);
    if (config.cluster().isDistributed()) {
      LauncherWatch.onFailure(guard::failed);
    }
    return guard;
  }

  /// A guard that does nothing: for processes that the launcher alone ends.
  static ProcessGuard none() {
    ProcessGuard guard = new ProcessGuard(0, (_, _) -> {}, OWN_ERROR);
    guard.close();
    return guard;
  }

  /// What the process does from now on, to follow "while it".
  void phase(String now) {
    phase = now;
  }

  /// Where the last collectives are, from now on: writes them and tells the place.
  void records(Supplier<String> writer) {
    records = writer;
  }

  /// This process has found out and ends with an error.
  void failing(Throwable cause) {
    failure = cause;
  }

  /// A mistake of the user has been told on the same terminal.
  private void failed(FailedProcess other) {
    alarm(other.isUsage() ? "" : ending(other.describe()), other.isUsage());
  }

  /// Another process is gone.
  void lost(LostProcess other) {
    alarm(other.isUsage() ? other.reason() : ending(other.describe()), other.isUsage());
  }

  private String ending(String reason) {
    return "process %d ends while it %s: %s".formatted(process, phase, reason);
  }

  /// @param message what to show, unless this process finds something to say by itself
  /// @param usage whether the user has made a mistake in how the run was started
  private synchronized void alarm(String message, boolean usage) {
    if (!alarmed) {
      alarmed = true;
      Thread.ofPlatform()
          .daemon()
          .name("process-guard")
          .start(() -> endUnlessClosed(message, usage));
    }
  }

  private void endUnlessClosed(String message, boolean usage) {
    try {
      if (closesWithin(ownError) || (failure != null && closesWithin(CLOSING))) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Throwable known = failure;
    String own = known == null ? message : String.valueOf(known.getMessage());
    boolean isTold = usage || known != null;
    DriverDirectory.ofThisProcess().remove();
    end.end(isTold ? own : own + records.get(), usage ? USAGE : FAILURE);
  }

  private boolean closesWithin(Duration time) throws InterruptedException {
    return closed.await(time.toMillis(), TimeUnit.MILLISECONDS);
  }

  /// The process ends in order.
  @Override
  public void close() {
    closed.countDown();
  }
}
