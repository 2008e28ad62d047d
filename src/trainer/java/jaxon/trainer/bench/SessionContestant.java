package jaxon.trainer.bench;

import jaxon.trainer.TrainingSession;
import jaxon.trainer.metrics.MetricNames;

/// This engine, on the backend that the configuration names.
public record SessionContestant(TrainingSession session) implements Contestant {
  @Override
  public String describe() {
    return "Jaxon on " + session.backend().devices().getFirst();
  }

  @Override
  public double step() {
    return session.step().getOrDefault(MetricNames.LOSS, Double.NaN);
  }

  @Override
  public void close() {
    session.close();
  }
}
