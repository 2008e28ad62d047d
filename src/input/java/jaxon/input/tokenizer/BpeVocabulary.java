package jaxon.input.tokenizer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The tokens learned so far, by id and by text.
final class BpeVocabulary {
  private final List<String> tokens;
  private final Map<String, Integer> ids = new HashMap<>();

  /// @param firstText the first id that text can give; those before are special and never merged
  ///   into
  BpeVocabulary(List<String> tokens, int firstText) {
    this.tokens = new ArrayList<>(tokens);
    for (int id = firstText; id < tokens.size(); id++) {
      ids.put(tokens.get(id), id);
    }
  }

  int size() {
    return tokens.size();
  }

  String token(int id) {
    return tokens.get(id);
  }

  List<String> tokens() {
    return tokens;
  }

  /// The id of two tokens together; two ways to the same text (`a bc`, `ab c`) share one id.
  int merged(int left, int right) {
    String text = tokens.get(left) + tokens.get(right);
    Integer known = ids.get(text);
    if (known != null) {
      return known;
    }
    ids.put(text, tokens.size());
    tokens.add(text);
    return tokens.size() - 1;
  }
}
