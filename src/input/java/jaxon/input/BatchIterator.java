package jaxon.input;

import java.util.NoSuchElementException;
import jaxon.input.source.InputException;

/// Batches in order, from any place. For one thread.
public interface BatchIterator extends AutoCloseable {

  /// Whether there is a next batch; endless iterators always have one.
  boolean hasNext();

  /// The next batch.
  ///
  /// @throws NoSuchElementException after the last one
  /// @throws InputException if the data cannot be read
  Batch next();

  /// The place after the batch that [#next] gave last.
  IteratorState state();

  /// Goes to a place that [#state] gave, on this or an equal iterator.
  ///
  /// @throws InputException if the state belongs to other data or settings
  void restore(IteratorState state);

  @Override
  void close();
}
