package jaxon.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import jaxon.inference.Completion;
import jaxon.inference.DecodeTimes;
import jaxon.inference.FinishReason;
import jaxon.inference.TextListener;

/// Prints texts as they grow, in the order of their prompts: the first one that is not complete
/// grows on the terminal, those after it wait.
final class DecodeText implements TextListener {
  private final List<String> prompts;
  private final int window;
  private final PrintWriter out;
  private final PrintWriter notes;
  private final List<StringBuilder> waiting = new ArrayList<>();
  private final List<Boolean> complete = new ArrayList<>();
  private int shown = -1;

  DecodeText(List<String> prompts, int window, PrintWriter out, PrintWriter notes) {
    this.prompts = List.copyOf(prompts);
    this.window = window;
    this.out = out;
    this.notes = notes;
    prompts.forEach(_ -> {
      waiting.add(new StringBuilder());
      complete.add(false);
    });
    advance();
  }

  @Override
  public void piece(int prompt, String piece) {
    if (prompt == shown) {
      out.print(piece);
      out.flush();
    } else {
      waiting.get(prompt).append(piece);
    }
  }

  @Override
  public void finished(int prompt, Completion completion) {
    complete.set(prompt, true);
    if (completion.reason() == FinishReason.WINDOW) {
      notes.printf(
          "Text %d ends because its window is full: max_target_length=%d.%n", prompt + 1, window);
      notes.flush();
    }
    while (shown < prompts.size() && complete.get(shown)) {
      out.println();
      advance();
    }
    out.flush();
  }

  /// Begins the next text, with as much of it as there is.
  private void advance() {
    shown++;
    if (shown < prompts.size()) {
      if (shown > 0) {
        out.println();
      }
      out.print(prompts.get(shown));
      out.print(waiting.get(shown));
      out.flush();
    }
  }

  /// How fast it went, in one line.
  static String rates(DecodeTimes times) {
    return "Prompts %,d tokens, %,.1f tok/s; first token after %.3f s; text %,d tokens in %,d steps, %,.1f tok/s"
        .formatted(
            times.promptTokens(),
            times.promptRate(),
            times.firstTokenSeconds(),
            times.stepTokens(),
            times.steps(),
            times.stepRate());
  }
}
