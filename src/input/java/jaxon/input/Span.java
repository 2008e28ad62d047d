package jaxon.input;

/// A document in a [TokenStore]: tokens `[from, to)`.
///
/// @param name the document in words, for messages
record Span(long from, long to, String name) {

  /// The (token, next token) pairs inside.
  long pairs() {
    return Math.max(0, to - from - 1);
  }
}
