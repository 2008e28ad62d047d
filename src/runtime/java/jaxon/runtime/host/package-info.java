/// What an engine on the CPU shares whatever it computes: its threads.
///
/// Start at [WorkerPool]. Nothing here knows graphs or kernels.
@NullMarked
package jaxon.runtime.host;

import org.jspecify.annotations.NullMarked;
