package jaxon.trainer.bench;

/// A program that trains the model of a configuration, one step when asked: this engine on some
/// backend, or another framework.
public interface Contestant extends AutoCloseable {
  /// What it is and how it is set up: versions, threads, options.
  String describe();

  /// Trains on the next batch and gives its loss, when the parameters are updated.
  double step();

  @Override
  void close();
}
