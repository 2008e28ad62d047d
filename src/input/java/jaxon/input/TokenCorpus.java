package jaxon.input;

/// Tokenized documents by number. Implementations may be called from several threads.
interface TokenCorpus {

  /// The number of documents.
  long size();

  /// The tokens of document `index`, begin and end tokens included; the caller does not write to
  /// them.
  int[] tokens(long index);

  /// Document `index` in words, for messages.
  String locate(long index);
}
