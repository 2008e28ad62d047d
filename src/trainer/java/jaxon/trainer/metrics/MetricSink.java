package jaxon.trainer.metrics;

import java.util.SequencedMap;

/// Where the scalars of a run are written.
///
/// Implementations keep the order of the map and are free to keep nothing of the map itself after
/// [#write] returns. A sink is used by one thread at a time unless it says otherwise.
public interface MetricSink extends AutoCloseable {

  /// Writes the scalars of one step, by name.
  ///
  /// @throws MetricSinkException if they could not be written
  /// @throws IllegalStateException if the sink is closed
  void write(long step, SequencedMap<String, Double> scalars);

  /// Returns when everything written before has reached its destination, durably if that is a file.
  ///
  /// @throws MetricSinkException if something written before could not reach it
  default void flush() {}

  /// Writes what is pending and releases the sink; closing again does nothing.
  ///
  /// @throws MetricSinkException if something written before could not reach its destination
  @Override
  void close();
}
