package jaxon.trainer;

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
  static MetricSink open(Configuration config, RunDirectory directory, boolean isLeader) {
    List<MetricSink> sinks = new ArrayList<>();
    if (!isLeader) {
      return new CompositeSink(sinks);
    }
    try {
      config
          .metrics()
          .metricsPath(directory.path())
          .ifPresent(file -> sinks.add(JsonlSink.create(file)));
      if (config.metrics().enableTensorboard()) {
        sinks.add(TensorBoardSink.create(directory.path().resolve("tensorboard")));
      }
    } catch (RuntimeException e) {
      sinks.forEach(MetricSink::close);
      throw e;
    }
    return AsyncSink.start(new CompositeSink(sinks));
  }
}
