/// Measuring training: how fast a step is, and how fast it could be.
///
/// Start at [jaxon.trainer.bench.TrainStepBenchmark]: it opens a [jaxon.trainer.TrainingSession],
/// makes the first step, measures [jaxon.trainer.bench.Rooflines] before and after the timed steps,
/// and gives a [jaxon.trainer.bench.TrainStepResult], which [jaxon.trainer.bench.TrainStepReport]
/// writes as a table or as a line of JSON. Nothing here changes what a step computes, and no number
/// here is a test.
@NullMarked
package jaxon.trainer.bench;

import org.jspecify.annotations.NullMarked;
