package jaxon.inference;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import jaxon.input.tokenizer.Tokenizer;
import org.jspecify.annotations.Nullable;

/// Makes text of the tokens of several prompts and passes it on.
final class TextTrack implements Generator.Listener {
  private final List<int[]> prompts;
  private final TextListener listener;
  private final List<TextStream> streams = new ArrayList<>();
  private final List<StringBuilder> texts = new ArrayList<>();
  private final int[] tokens;
  private final @Nullable Completion[] completions;

  TextTrack(Tokenizer tokenizer, List<int[]> prompts, TextListener listener) {
    this.prompts = prompts;
    this.listener = listener;
    for (int[] prompt : prompts) {
      streams.add(new TextStream(tokenizer, prompt));
      texts.add(new StringBuilder());
    }
    tokens = new int[prompts.size()];
    completions = new @Nullable Completion[prompts.size()];
  }

  @Override
  public void token(int prompt, int token) {
    tokens[prompt]++;
    show(prompt, streams.get(prompt).add(token));
  }

  @Override
  public void finished(int prompt, FinishReason reason) {
    show(prompt, streams.get(prompt).end());
    Completion completion =
        new Completion(
            prompts.get(prompt).length, tokens[prompt], texts.get(prompt).toString(), reason);
    completions[prompt] = completion;
    listener.finished(prompt, completion);
  }

  private void show(int prompt, String piece) {
    if (!piece.isEmpty()) {
      texts.get(prompt).append(piece);
      listener.piece(prompt, piece);
    }
  }

  /// One for each prompt, when all are finished.
  List<Completion> completions() {
    List<Completion> all = new ArrayList<>();
    for (Completion completion : completions) {
      all.add(Objects.requireNonNull(completion, "a text is not finished"));
    }
    return all;
  }
}
