/// Profiling: which kernels the time of a step goes to, and how much faster they could be.
///
/// [jaxon.trainer.profile.StepProfiler] is the hook of the training loop: it lets a
/// [jaxon.runtime.profile.Profiler] record the kernels of some steps. A
/// [jaxon.trainer.profile.Profile] is what was recorded, together with the
/// [jaxon.trainer.profile.Rooflines] of the machine; [jaxon.trainer.profile.TraceFile] writes it
/// for Perfetto, [jaxon.trainer.profile.KernelTable] sums it up. Nothing here knows what a step
/// computes.
@NullMarked
package jaxon.trainer.profile;

import org.jspecify.annotations.NullMarked;
