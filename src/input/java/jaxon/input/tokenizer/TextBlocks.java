package jaxon.input.tokenizer;

import java.util.ArrayList;
import java.util.List;

/// Cuts long text into blocks where byte-level pre-tokenizers cut anyway.
///
/// The place is after a line break that follows a letter or digit and precedes anything but white
/// space: the patterns of GPT-2 and Llama 3 end a word there too. Text without such a place in the
/// second half of a block is cut between two characters.
final class TextBlocks {
  static final int BLOCK_CHARS = 1 << 20;

  private TextBlocks() {}

  static List<String> of(String text) {
    return of(text, BLOCK_CHARS);
  }

  static List<String> of(String text, int blockChars) {
    if (text.length() <= blockChars) {
      return List.of(text);
    }
    List<String> blocks = new ArrayList<>();
    int from = 0;
    while (text.length() - from > blockChars) {
      int cut = cut(text, from, from + blockChars);
      blocks.add(text.substring(from, cut));
      from = cut;
    }
    blocks.add(text.substring(from));
    return blocks;
  }

  private static int cut(String text, int from, int limit) {
    for (int at = limit; at > from + (limit - from) / 2; at--) {
      if (text.charAt(at - 1) == '\n'
          && !Character.isWhitespace(text.charAt(at))
          && Character.isLetterOrDigit(text.charAt(at - 2))) {
        return at;
      }
    }
    // Not between the halves of a surrogate pair.
    return Character.isHighSurrogate(text.charAt(limit - 1)) ? limit - 1 : limit;
  }
}
