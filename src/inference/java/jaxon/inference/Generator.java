package jaxon.inference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// Makes texts with an engine, as many at a time as it has rows: a row whose text has ended takes
/// the next prompt.
///
/// The tokens of a text depend on its prompt alone, not on what the other rows hold.
final class Generator {
  private final DecodeEngine engine;
  private final Sampler sampler;
  private final OptionalInt end;
  private final Listener listener;
  private final int limit;
  private final @Nullable Text[] rows;

  private long promptTokens;
  private long promptNanos;
  private long firstNanos = -1;
  private long steps;
  private long stepTokens;
  private long stepNanos;

  /// @param end the token that ends a text
  /// @param limit most new tokens of a text
  Generator(DecodeEngine engine, Sampler sampler, OptionalInt end, int limit, Listener listener) {
    this.engine = engine;
    this.sampler = sampler;
    this.end = end;
    this.limit = limit;
    this.listener = listener;
    this.rows = new @Nullable Text[engine.rows()];
  }

  /// Hears of tokens as they come.
  interface Listener {
    void token(int prompt, int token);

    void finished(int prompt, FinishReason reason);
  }

  /// One text as it grows.
  private static final class Text {
    final int prompt;
    final int promptLength;
    int made;
    int last;

    Text(int prompt, int promptLength) {
      this.prompt = prompt;
      this.promptLength = promptLength;
    }

    /// The position of the last token, which is not in the cache yet.
    int position() {
      return promptLength + made - 1;
    }
  }

  /// Goes on from each prompt; prompts must have at least one token and fewer than the engine has
  /// slots.
  DecodeTimes run(List<int[]> prompts) {
    prompts.forEach(prompt -> engine.prepare(prompt.length));
    long start = System.nanoTime();
    int next = 0;
    while (true) {
      for (int row = 0; row < rows.length && next < prompts.size(); row++) {
        while (rows[row] == null && next < prompts.size()) {
          begin(row, next, prompts.get(next), start);
          next++;
        }
      }
      if (Arrays.stream(rows).allMatch(text -> text == null)) {
        return times();
      }
      step();
    }
  }

  private void begin(int row, int prompt, int[] tokens, long start) {
    long from = System.nanoTime();
    Text text = new Text(prompt, tokens.length);
    float[] logits = engine.prompt(row, tokens);
    int token = sampler.next(logits, 0);
    long now = System.nanoTime();
    promptTokens += tokens.length;
    promptNanos += now - from;
    if (firstNanos < 0) {
      firstNanos = now - start;
    }
    rows[row] = text;
    take(row, text, token);
  }

  private void step() {
    long from = System.nanoTime();
    int[] tokens = new int[rows.length];
    int[] positions = new int[rows.length];
    for (int row = 0; row < rows.length; row++) {
      Text text = rows[row];
      if (text != null) {
        tokens[row] = text.last;
        positions[row] = text.position();
      }
    }
    float[] logits = engine.step(tokens, positions);
    int vocab = logits.length / rows.length;
    List<Integer> drawn = new ArrayList<>();
    for (int row = 0; row < rows.length; row++) {
      Text text = rows[row];
      int at = row * vocab;
      drawn.add(
          text == null ? -1 : sampler.next(Arrays.copyOfRange(logits, at, at + vocab), text.made));
    }
    stepNanos += System.nanoTime() - from;
    steps++;
    for (int row = 0; row < rows.length; row++) {
      Text text = rows[row];
      if (text != null) {
        stepTokens++;
        take(row, text, drawn.get(row));
      }
    }
  }

  /// Adds a token to a text, or ends it.
  private void take(int row, Text text, int token) {
    if (end.isPresent() && end.getAsInt() == token) {
      finish(row, text, FinishReason.END_TOKEN);
      return;
    }
    text.last = token;
    text.made++;
    listener.token(text.prompt, token);
    if (text.made >= limit) {
      finish(row, text, FinishReason.LENGTH);
    } else if (text.promptLength + text.made >= engine.slots()) {
      finish(row, text, FinishReason.WINDOW);
    }
  }

  private void finish(int row, Text text, FinishReason reason) {
    rows[row] = null;
    listener.finished(text.prompt, reason);
  }

  private DecodeTimes times() {
    return new DecodeTimes(
        promptTokens,
        promptNanos / 1e9,
        Math.max(0, firstNanos) / 1e9,
        steps,
        stepTokens,
        stepNanos / 1e9);
  }
}
