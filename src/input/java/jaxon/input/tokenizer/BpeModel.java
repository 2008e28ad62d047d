package jaxon.input.tokenizer;

import java.util.List;

/// A trained byte-level BPE vocabulary.
///
/// @param pattern how text is cut into words
/// @param specialTokens the tokens with ids 0 and up that text never merges into
/// @param tokens all tokens by id, special ones first, in the characters of [ByteAlphabet]
/// @param merges what is merged, most important first
public record BpeModel(
    WordPattern pattern, List<String> specialTokens, List<String> tokens, List<Merge> merges) {

  public BpeModel {
    specialTokens = List.copyOf(specialTokens);
    tokens = List.copyOf(tokens);
    merges = List.copyOf(merges);
  }

  /// Two neighbours that become one token.
  public record Merge(String left, String right) {}
}
