/// Optimizers and learning-rate schedules, as traced functions on parameter trees.
///
/// Start at [Optimizer]: gradients, moments and the schedule's rate in, new parameters and moments
/// out. Everything here runs inside the training step's program; nothing touches the host.
@NullMarked
package jaxon.trainer.optim;

import org.jspecify.annotations.NullMarked;
