package jaxon.cluster.launch;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/// Tells which error lines are new: a mistake that all processes find is told once.
///
/// A line that a process prints is new unless another one has printed the same line at least as
/// often.
final class RepeatedLines {
  private static final int REMEMBERED = 10_000;

  private final SequencedMap<String, Map<Integer, Integer>> counts = new LinkedHashMap<>();

  synchronized boolean isNew(int process, String line) {
    Map<Integer, Integer> byProcess = counts.computeIfAbsent(line, _ -> new LinkedHashMap<>());
    int shown = byProcess.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    int count = byProcess.merge(process, 1, Integer::sum);
    if (counts.size() > REMEMBERED) {
      counts.pollFirstEntry();
    }
    return count > shown;
  }
}
