package jaxon.trainer;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jaxon.config.Configuration;
import jaxon.trainer.metrics.AsyncSink;
import jaxon.trainer.metrics.CompositeSink;
import jaxon.trainer.metrics.JsonlSink;
import jaxon.trainer.metrics.MetricSink;
import jaxon.trainer.metrics.TensorBoardSink;

/// The sinks that a configuration asks for, behind one that never makes the loop wait.
final class MetricSinks {
  private MetricSinks() {}

  /// @param isLeader whether this process writes for all
  /// @param firstStep the step that comes next; what earlier attempts have written of it and of
  ///   later ones is removed
  static MetricSink open(
      Configuration config, RunDirectory directory, boolean isLeader, long firstStep) {
    List<MetricSink> sinks = new ArrayList<>();
    if (!isLeader) {
      return new CompositeSink(sinks);
    }
    try {
      config
          .metrics()
          .metricsPath(directory.path())
          .ifPresent(file -> sinks.add(open(file, firstStep)));
      if (config.metrics().enableTensorboard()) {
        Path folder = directory.path().resolve("tensorboard");
        sinks.add(
            firstStep == 0 && !Files.exists(folder)
                ? TensorBoardSink.create(folder)
                : TensorBoardSink.resume(folder, firstStep));
      }
    } catch (RuntimeException e) {
      sinks.forEach(MetricSink::close);
      throw e;
    }
    return AsyncSink.start(new CompositeSink(sinks));
  }

  private static MetricSink open(Path file, long firstStep) {
    return firstStep == 0 ? JsonlSink.create(file) : JsonlSink.resume(file, firstStep);
  }
}
