package jaxon.input;

import java.util.ArrayList;
import java.util.List;
import jaxon.input.source.DocumentSource;
import jaxon.input.source.InputException;

/// Text documents tokenized into memory: a store and the span of each document in it.
record StoredText(TokenStore store, List<Span> spans) {

  StoredText {
    spans = List.copyOf(spans);
  }

  /// Tokenizes every document of `source`.
  static StoredText load(DocumentSource source, TokenizedDocuments documents, int vocabSize) {
    TokenStore store = new TokenStore(vocabSize);
    List<Span> spans = new ArrayList<>();
    for (long i = 0; i < source.size(); i++) {
      long from = store.size();
      store.append(documents.tokens(i));
      spans.add(new Span(from, store.size(), source.locate(i)));
    }
    return new StoredText(store, spans);
  }

  /// The same tokens, other documents.
  StoredText with(List<Span> other) {
    return new StoredText(store, other);
  }

  /// The tokens of all spans.
  long tokens() {
    return spans.stream().mapToLong(span -> span.to() - span.from()).sum();
  }

  /// Refuses text that holds nothing to predict.
  StoredText requirePairs(String what) {
    if (spans.stream().mapToLong(Span::pairs).sum() == 0) {
      throw new InputException(
          "The %s text holds %,d tokens in %,d documents: too few to predict one from another."
              .formatted(what, tokens(), spans.size()));
    }
    return this;
  }
}
