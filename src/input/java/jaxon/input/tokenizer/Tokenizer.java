package jaxon.input.tokenizer;

import java.util.OptionalInt;

/// Text to token ids and back. Implementations may be called from several threads.
public interface Tokenizer extends AutoCloseable {

  /// One more than the largest id [#encode] or a special token can give.
  int vocabSize();

  /// The ids of `text`, without begin or end tokens around it.
  int[] encode(String text);

  /// The text of `ids`. Special tokens are left out; bytes that are not UTF-8 become U+FFFD.
  String decode(int[] ids);

  /// The id that begins a document, if the vocabulary has one.
  OptionalInt bosId();

  /// The id that ends a document, if the vocabulary has one.
  OptionalInt eosId();

  /// The id meant for padding, if the vocabulary has one.
  OptionalInt padId();

  /// One line about the tokenizer for the log.
  String describe();

  @Override
  void close();
}
