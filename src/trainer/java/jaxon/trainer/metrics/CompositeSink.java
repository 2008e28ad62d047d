package jaxon.trainer.metrics;

import java.util.List;
import java.util.SequencedMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Writes every entry to several sinks, in the order given.
///
/// A sink that fails does not keep the others from getting the entry; the first failure is thrown
/// at the end, the further ones are attached to it as suppressed.
public final class CompositeSink implements MetricSink {
  private final List<MetricSink> sinks;

  public CompositeSink(List<? extends MetricSink> sinks) {
    this.sinks = List.copyOf(sinks);
  }

  @Override
  public void write(long step, SequencedMap<String, Double> scalars) {
    forEach(sink -> sink.write(step, scalars));
  }

  @Override
  public void flush() {
    forEach(MetricSink::flush);
  }

  @Override
  public void close() {
    forEach(MetricSink::close);
  }

  private void forEach(Consumer<MetricSink> action) {
    @Nullable RuntimeException first = null;
    for (MetricSink sink : sinks) {
      try {
        action.accept(sink);
      } catch (RuntimeException e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }
}
