package jaxon.trainer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import jaxon.checkpoint.CheckpointStore;
import jaxon.config.Configuration;

/// Times training steps without saves and with one after each, by turns.
///
/// In a turn with saves each timed step has the writing of the one before beneath it and the copy
/// of its own state behind it, as in the middle of a run: the first save of a turn is made before
/// the clock starts, and nobody waits for the last.
public final class SavingBenchmark {
  private static final int WARMUP = 2;

  private final Configuration config;
  private final RunDirectory directory;
  private final List<Double> plain = new ArrayList<>();
  private final List<Double> saving = new ArrayList<>();
  private final List<Double> copies = new ArrayList<>();
  private final List<Double> ratios = new ArrayList<>();
  private long saves;

  /// @param config that saves after each step and keeps one checkpoint
  /// @param directory a place on the disk in question; what is written there is removed
  public SavingBenchmark(Configuration config, Path directory) {
    this.config = config;
    this.directory = new RunDirectory(directory.resolve("bench-run"));
  }

  /// Measures and tells.
  ///
  /// @param turns of each kind
  /// @param steps timed in a turn
  public void run(int turns, int steps, Consumer<String> out) {
    if (Files.exists(directory.path())) {
      // Left by one that was killed.
      delete();
    }
    new CheckpointStore(directory.checkpoints()).create();
    try (TrainingSession session = TrainingSession.open(config);
        RunCheckpoints checkpoints = session.checkpoints(directory)) {
      for (int i = 0; i < WARMUP; i++) {
        save(session, checkpoints);
      }
      checkpoints.settle();
      for (int turn = 0; turn < turns; turn++) {
        // What changes with time changes both kinds alike.
        boolean isPlainFirst = turn % 2 == 0;
        double first = turn(session, checkpoints, steps, !isPlainFirst);
        double second = turn(session, checkpoints, steps, isPlainFirst);
        ratios.add(isPlainFirst ? second / first : first / second);
      }
    } finally {
      delete();
    }
    tell(out);
  }

  /// @return the median time of a step
  private double turn(
      TrainingSession session, RunCheckpoints checkpoints, int steps, boolean isSaving) {
    if (isSaving) {
      save(session, checkpoints);
    } else {
      session.step();
    }
    List<Double> times = new ArrayList<>();
    for (int i = 0; i < steps; i++) {
      long start = System.nanoTime();
      if (isSaving) {
        copies.add(save(session, checkpoints));
      } else {
        session.step();
      }
      times.add((System.nanoTime() - start) / 1e9);
    }
    checkpoints.settle();
    (isSaving ? saving : plain).addAll(times);
    return median(times);
  }

  /// @return how long the step's end waited for the save
  private double save(TrainingSession session, RunCheckpoints checkpoints) {
    SequencedMap<String, Double> metrics = session.step();
    long start = System.nanoTime();
    session.save(checkpoints, ++saves, metrics);
    return (System.nanoTime() - start) / 1e9;
  }

  private void tell(Consumer<String> out) {
    double without = median(plain);
    double with = median(saving);
    out.accept(
        String.format(
            Locale.ROOT,
            "training step    %8.1f ms, with a save after each %.1f ms: %+.1f %%; turns %+.1f to %+.1f %%, their median %+.1f %%; waits %.1f ms for a save",
            without * 1e3,
            with * 1e3,
            100 * (with / without - 1),
            100 * (ratios.stream().mapToDouble(Double::doubleValue).min().orElseThrow() - 1),
            100 * (ratios.stream().mapToDouble(Double::doubleValue).max().orElseThrow() - 1),
            100 * (median(ratios) - 1),
            median(copies) * 1e3));
  }

  private static double median(List<Double> values) {
    return CheckpointBenchmark.median(values);
  }

  private void delete() {
    try (Stream<Path> files = Files.walk(directory.path())) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove " + directory.path(), e);
    }
  }
}
