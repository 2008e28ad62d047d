package jaxon.trainer;

import jaxon.config.Configuration;
import jaxon.trainer.metrics.TrainingFlops;

/// How much a step of a configuration is.
///
/// @param tokensPerStep tokens of an update, padding included
/// @param flopsPerStep its model work by the formula of [TrainingFlops]
public record ModelWork(long tokensPerStep, double flopsPerStep) {
  /// The work of one update.
  public static ModelWork of(Configuration config) {
    long tokens = (long) config.sequencesPerUpdate() * config.data().maxTargetLength();
    return new ModelWork(tokens, TrainingFlops.perStep(ModelShapes.of(config), tokens));
  }
}
