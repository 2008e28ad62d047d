package jaxon.trainer.bench;

import java.util.ArrayList;
import java.util.List;

/// How often something is run to be timed.
///
/// A program that a virtual machine runs is compiled while it runs, so some seconds pass before the
/// first timed run; everyone gets the same.
///
/// @param warmupSeconds how long it runs before it is timed; it runs once at least
/// @param tries timed runs, at least 1
public record Rounds(double warmupSeconds, int tries) {
  public Rounds {
    if (!(warmupSeconds >= 0) || tries < 1) {
      throw new IllegalArgumentException(
          "needs a warm-up of 0 seconds or more and at least 1 try, got "
              + warmupSeconds
              + " and "
              + tries);
    }
  }

  /// The median time of a run, in seconds.
  public double median(Runnable work) {
    long start = System.nanoTime();
    do {
      work.run();
    } while (System.nanoTime() - start < warmupSeconds * 1e9);
    List<Double> seconds = new ArrayList<>();
    for (int i = 0; i < tries; i++) {
      long before = System.nanoTime();
      work.run();
      seconds.add((System.nanoTime() - before) / 1e9);
    }
    return Spread.of(seconds).median();
  }
}
