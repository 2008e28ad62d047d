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

  static MetricSink open(Configuration config, RunDirectory directory) {
    List<MetricSink> sinks = new ArrayList<>();
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
