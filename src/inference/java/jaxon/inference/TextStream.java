package jaxon.inference;

import java.util.Arrays;
import jaxon.input.tokenizer.Tokenizer;

/// Turns tokens into pieces of text as they come, in whole characters.
///
/// Only the last tokens are decoded again: those since the piece before the last. As a tokenizer
/// may decode the first of some tokens differently (without the space before it, for example), a
/// piece is what decoding adds to the text of tokens already shown.
final class TextStream {
  /// Tokens before the text that are decoded with its first ones.
  private static final int CONTEXT = 6;

  private static final String REPLACEMENT = "\uFFFD";

  private final Tokenizer tokenizer;
  private int[] tokens;
  private int size;
  // Tokens from `context` on are decoded; those below `shown` have been given out.
  private int context;
  private int shown;

  /// @param before the tokens that the text follows
  TextStream(Tokenizer tokenizer, int[] before) {
    this.tokenizer = tokenizer;
    this.tokens = before.clone();
    this.size = before.length;
    this.context = Math.max(0, size - CONTEXT);
    this.shown = size;
  }

  /// The text that is certain with one more token; often empty.
  String add(int token) {
    if (size == tokens.length) {
      tokens = Arrays.copyOf(tokens, Math.max(16, 2 * size));
    }
    tokens[size++] = token;
    String piece = rest();
    // The last character may still lack bytes; it is shown when it is whole.
    if (piece.isEmpty() || piece.endsWith(REPLACEMENT)) {
      return "";
    }
    context = shown;
    shown = size;
    return piece;
  }

  /// What is left when there will be no more tokens.
  String end() {
    String piece = rest();
    context = size;
    shown = size;
    return piece;
  }

  private String rest() {
    String before = tokenizer.decode(Arrays.copyOfRange(tokens, context, shown));
    String all = tokenizer.decode(Arrays.copyOfRange(tokens, context, size));
    return all.length() > before.length() ? all.substring(before.length()) : "";
  }
}
