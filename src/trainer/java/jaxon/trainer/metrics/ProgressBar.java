package jaxon.trainer.metrics;

import java.io.PrintStream;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Shows how far a run is: a line that is drawn over on a terminal, plain lines in a file or a
/// pipe.
///
/// On a terminal the line is drawn at most ten times a second, and always for the first and the
/// last step. Elsewhere a line is printed for the first step, the last one, and each multiple of
/// the log period. Text that shall stay goes through [#println], which prints it above the bar.
/// Safe for use by several threads, so that a log handler may print too.
public final class ProgressBar implements AutoCloseable {
  private static final long REDRAW_NANOS = 100_000_000L;
  private static final String CLEAR_TO_END = "\u001b[K";
  // A line that is too long for a window made smaller is clipped, not wrapped: what is wrapped
  // cannot
  // be drawn over.
  private static final String WRAP_OFF = "\u001b[?7l";
  private static final String WRAP_ON = "\u001b[?7h";

  private final Terminal terminal;
  private final PrintStream out;
  private final ProgressLine line;
  private final long steps;
  private final long logPeriod;
  private final LongSupplier nanoTime;

  private @Nullable Progress latest;
  private @Nullable Progress shown;
  private long shownNanos;
  private int shownLength;
  private boolean closed;

  /// A display for a run of `steps` steps that starts with the first [#update].
  public ProgressBar(Terminal terminal, long steps, long logPeriod) {
    this(terminal, steps, logPeriod, System::nanoTime);
  }

  /// A display that reads the given clock, in nanoseconds from any origin.
  public ProgressBar(Terminal terminal, long steps, long logPeriod, LongSupplier nanoTime) {
    if (steps < 1 || logPeriod < 1) {
      throw new IllegalArgumentException(
          "steps and log_period must be at least 1, found " + steps + " and " + logPeriod);
    }
    this.terminal = terminal;
    this.out = terminal.out();
    this.line = new ProgressLine(steps);
    this.steps = steps;
    this.logPeriod = logPeriod;
    this.nanoTime = nanoTime;
  }

  /// Tells that another step is done.
  public synchronized void update(Progress progress) {
    if (closed) {
      throw new IllegalStateException("the progress bar was closed before " + progress);
    }
    latest = progress;
    if (isDue(progress)) {
      show(progress);
    }
  }

  /// Prints text above the bar.
  public synchronized void println(String text) {
    if (shown == null || closed || !terminal.redraws()) {
      out.println(text);
      out.flush();
      return;
    }
    erase();
    out.println(text);
    show(latest == null ? shown : latest);
  }

  /// Shows the last step if it was not shown yet and leaves the line; closing again does nothing.
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (latest != null && !latest.equals(shown)) {
      show(latest);
    }
    if (shown != null && terminal.redraws()) {
      out.println();
      out.flush();
    }
  }

  private boolean isDue(Progress progress) {
    if (shown == null || progress.completed() >= steps) {
      return true;
    }
    return terminal.redraws()
        ? nanoTime.getAsLong() - shownNanos >= REDRAW_NANOS
        : progress.completed() % logPeriod == 0;
  }

  private void show(Progress progress) {
    if (terminal.redraws()) {
      draw(line.drawn(progress, terminal));
      shownNanos = nanoTime.getAsLong();
    } else {
      out.println(line.plain(progress));
    }
    out.flush();
    shown = progress;
  }

  private void draw(String text) {
    if (terminal.ansi()) {
      out.print("\r" + WRAP_OFF + text + CLEAR_TO_END + WRAP_ON);
    } else {
      out.print("\r" + text + " ".repeat(Math.max(0, shownLength - text.length())));
      shownLength = text.length();
    }
  }

  private void erase() {
    out.print(terminal.ansi() ? "\r" + CLEAR_TO_END : "\r" + " ".repeat(shownLength) + "\r");
    shownLength = 0;
  }
}
