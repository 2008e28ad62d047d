/// JMH benchmarks of what a training step is made of, each as a program of its own.
///
/// Start at [jaxon.benchmarks.StepKernels]. Whole steps are measured by `bin/jaxon bench`.
@NullMarked
package jaxon.benchmarks;

import org.jspecify.annotations.NullMarked;
