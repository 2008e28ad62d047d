/// Metrics of a run: what is measured, where it is written, and what the terminal shows.
///
/// Flow of one step: the training loop brackets the step with [StepTimer], lets [StepThroughput]
/// turn the measured seconds, the tokens and the floating-point work of [TrainingFlops] into the
/// `perf/` scalars, adds the `learning/` scalars that the program returned, and hands the map to a
/// [MetricSink]. That sink is usually an [AsyncSink] over a [CompositeSink] of [JsonlSink] and
/// [TensorBoardSink]. The same numbers go to the [ProgressBar]; when the run ends a [ResultTable]
/// is printed.
///
/// Start reading at [MetricSink]. This package knows nothing of graphs, models, configuration files
/// or checkpoints: everything arrives as plain numbers.
@NullMarked
package jaxon.trainer.metrics;

import org.jspecify.annotations.NullMarked;
