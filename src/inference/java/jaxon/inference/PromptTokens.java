package jaxon.inference;

import java.util.OptionalInt;
import jaxon.input.tokenizer.Tokenizer;

/// Prompts as tokens.
final class PromptTokens {
  private PromptTokens() {}

  /// The begin token, if it is wanted and there is one, and the prompt's own; token 0 where that is
  /// nothing, as a model must start from something.
  static int[] of(Tokenizer tokenizer, boolean addBos, String prompt) {
    int[] own = tokenizer.encode(prompt);
    OptionalInt begin = addBos ? tokenizer.bosId() : OptionalInt.empty();
    if (begin.isEmpty()) {
      return own.length == 0 ? new int[] {0} : own;
    }
    if (own.length > 0 && own[0] == begin.getAsInt()) {
      return own;
    }
    int[] tokens = new int[own.length + 1];
    tokens[0] = begin.getAsInt();
    System.arraycopy(own, 0, tokens, 1, own.length);
    return tokens;
  }
}
