package jaxon.trainer.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;

/// Lets contestants train the same model by turns, a step each in a round, so that what slows the
/// machine down slows all of them.
///
/// @param warmup rounds that are not timed, at least 0
/// @param rounds timed rounds, at least 1
public record PeerMatch(int warmup, int rounds) {
  public PeerMatch {
    if (warmup < 0 || rounds < 1) {
      throw new IllegalArgumentException(
          "needs warmup >= 0 and rounds >= 1, got " + warmup + " and " + rounds);
    }
  }

  /// Runs the match.
  ///
  /// @param contestants the command that serves each, by name; all others are compared with the
  ///   first
  public List<PeerResult> run(SequencedMap<String, ProcessBuilder> contestants) {
    List<ContestantProcess> processes = new ArrayList<>();
    try {
      contestants.forEach((name, command) -> processes.add(ContestantProcess.start(name, command)));
      for (int round = 0; round < warmup + rounds; round++) {
        processes.forEach(ContestantProcess::step);
      }
      return processes.stream().map(process -> process.end(warmup)).toList();
    } finally {
      processes.forEach(ContestantProcess::close);
    }
  }
}
