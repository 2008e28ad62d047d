/// Training: from a configuration to a trained model, as a script of verbs.
///
/// One step, start to end: [Trainer] opens input, backend and [RunDirectory]; [TrainPrograms]
/// traces initialisation, [TrainStep] and evaluation and compiles them; the loop feeds batches to
/// the compiled step, whose state never leaves the device, and hands the step's metrics to sinks.
/// [RunStart] finds where a run goes on, and [RunCheckpoints] saves it, to the places that
/// [CheckpointTiers] knows. Start at [Trainer#train]. Features are components called from the loop,
/// never branches in the step.
@NullMarked
package jaxon.trainer;

import org.jspecify.annotations.NullMarked;
