package jaxon.inference.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jaxon.config.Configuration;
import jaxon.inference.DecodeSession;
import jaxon.inference.DecodeTimes;
import jaxon.inference.InferenceException;
import jaxon.runtime.cpu.dnnl.CopyBandwidth;
import jaxon.runtime.host.WorkerPool;

/// Makes greedy text of a model with its initial parameters, whose speed is that of any others.
///
/// @param rows texts made at a time
/// @param prompt tokens of each prompt
/// @param tokens tokens of each text
/// @param rounds how often it is done; the first one warms up, the fastest of the others counts
public record DecodeBenchmark(int rows, int prompt, int tokens, int rounds) {
  private static final double BANDWIDTH_SECONDS = 2;

  /// Measures one configuration.
  ///
  /// @throws InferenceException if its window is too short
  public DecodeResult run(String name, Configuration config) {
    int window = config.data().maxTargetLength();
    if (prompt + tokens > window) {
      throw new InferenceException(
          "prompts of %d tokens and texts of %d do not fit max_target_length=%d"
              .formatted(prompt, tokens, window));
    }
    try (DecodeSession session = DecodeSession.open(config, rows, Optional.empty());
        WorkerPool pool = new WorkerPool(config.threads())) {
      List<int[]> prompts = prompts(config.model().vocabSize());
      session.time(prompts, tokens);
      double bandwidth = CopyBandwidth.measure(BANDWIDTH_SECONDS, pool);
      Optional<DecodeTimes> best = Optional.empty();
      for (int round = 0; round < rounds; round++) {
        DecodeTimes times = session.time(prompts, tokens);
        if (best.isEmpty() || times.stepSeconds() < best.get().stepSeconds()) {
          best = Optional.of(times);
        }
      }
      return new DecodeResult(name, rows, best.orElseThrow(), stepBytes(session), bandwidth);
    }
  }

  private double stepBytes(DecodeSession session) {
    double seen = prompt + tokens / 2.0;
    return session.stepParameterBytes() + rows * seen * session.tokenBytes();
  }

  /// Tokens of all sorts, other ones in each row.
  private List<int[]> prompts(int vocab) {
    List<int[]> prompts = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      int[] all = new int[prompt];
      for (int i = 0; i < prompt; i++) {
        all[i] = (int) ((i * 7919L + row * 104_729L + 1) % vocab);
      }
      prompts.add(all);
    }
    return prompts;
  }
}
