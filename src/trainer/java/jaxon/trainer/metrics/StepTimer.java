package jaxon.trainer.metrics;

import java.util.function.LongSupplier;

/// Measures steps: the exact time of each for the metrics, the median of the latest for the
/// display.
///
/// Only what lies between [#start] and [#stop] counts, so pauses for evaluation or checkpoints do
/// not spoil the numbers. Medians ignore the odd slow step, above all the first one. Used by one
/// thread.
public final class StepTimer {
  /// Steps that the median looks at unless the constructor says otherwise.
  public static final int DEFAULT_WINDOW = 32;

  private final LongSupplier nanoTime;
  private final MovingMedian seconds;
  private final MovingMedian tokensPerSecond;
  private boolean running;
  private long startNanos;
  private long steps;
  private long totalTokens;
  private double totalSeconds;

  public StepTimer() {
    this(System::nanoTime, DEFAULT_WINDOW);
  }

  /// A timer that reads the given clock, in nanoseconds from any origin.
  public StepTimer(LongSupplier nanoTime, int window) {
    this.nanoTime = nanoTime;
    this.seconds = new MovingMedian(window);
    this.tokensPerSecond = new MovingMedian(window);
  }

  /// Marks the beginning of a step; a step that was begun and never stopped is forgotten.
  public void start() {
    running = true;
    startNanos = nanoTime.getAsLong();
  }

  /// Marks the end of a step over `tokens` tokens and returns its exact time in seconds.
  public double stop(long tokens) {
    if (!running) {
      throw new IllegalStateException("stop() without start(): no step is being measured");
    }
    running = false;
    // A clock too coarse for the step must not make a division by zero.
    double elapsed = Math.max(1, nanoTime.getAsLong() - startNanos) / 1e9;
    seconds.add(elapsed);
    tokensPerSecond.add(tokens / elapsed);
    steps++;
    totalTokens += tokens;
    totalSeconds += elapsed;
    return elapsed;
  }

  /// Steps measured.
  public long steps() {
    return steps;
  }

  /// Median time of the latest steps in seconds, NaN before the first.
  public double medianSeconds() {
    return seconds.value();
  }

  /// Median throughput of the latest steps, NaN before the first.
  public double medianTokensPerSecond() {
    return tokensPerSecond.value();
  }

  /// Time of all steps together, in seconds.
  public double totalSeconds() {
    return totalSeconds;
  }

  /// Tokens of all steps divided by their time, slow first step included; NaN before the first.
  public double meanTokensPerSecond() {
    return totalTokens / totalSeconds;
  }
}
