package jaxon.input.source;

/// Documents by number, in an order that never changes while the files do not.
///
/// Implementations may be called from several threads.
public interface DocumentSource extends AutoCloseable {

  /// The number of documents.
  long size();

  /// The text of document `index`; empty where the data holds a null.
  ///
  /// @throws InputException if the data at that place is malformed
  String document(long index);

  /// Where document `index` comes from, for messages: a file and a line or row, counted from 1.
  String locate(long index);

  /// One line about the source for the log.
  String describe();

  @Override
  void close();
}
