/// Recording what an engine's kernels do, and when.
///
/// [jaxon.runtime.profile.Profiler] is the place to start: while one is recording, programs tell it
/// each kernel's [jaxon.runtime.profile.KernelWork] and time; [jaxon.runtime.profile.KernelEvent]s
/// are read from it afterwards. Nothing here knows engines, files or rooflines.
@NullMarked
package jaxon.runtime.profile;

import org.jspecify.annotations.NullMarked;
