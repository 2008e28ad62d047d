package jaxon.trainer.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import jaxon.trainer.profile.ProcessMemory;
import tools.jackson.databind.json.JsonMapper;

/// Serves a contestant in a process of its own: a line `step` asks for a step, `end` or the end of
/// the input ends it.
///
/// Answers are lines that begin with [#MARK], since native libraries write what they like to the
/// output: first `{"describe": …}`, then `{"seconds": …, "loss": …}` for each step, last
/// `{"peak_memory_bytes": …}`.
public final class ContestantServer {
  static final String MARK = "@contestant ";

  private ContestantServer() {}

  /// Serves until the end; the caller closes the contestant.
  public static void serve(Contestant contestant, BufferedReader in, PrintWriter out)
      throws IOException {
    answer(out, Map.of("describe", contestant.describe()));
    for (String line = in.readLine(); "step".equals(line); line = in.readLine()) {
      long start = System.nanoTime();
      double loss = contestant.step();
      Map<String, Object> step = new LinkedHashMap<>();
      step.put("seconds", (System.nanoTime() - start) / 1e9);
      step.put("loss", loss);
      answer(out, step);
    }
    long peak = ProcessMemory.ofThisProcess().peakBytes().orElse(-1);
    answer(out, Map.of("peak_memory_bytes", peak));
  }

  private static void answer(PrintWriter out, Map<String, Object> answer) {
    out.println(MARK + JsonMapper.shared().writeValueAsString(answer));
    out.flush();
  }
}
