/// What an engine on the CPU shares whatever it computes: its threads and its memory.
///
/// Start at [WorkerPool] and [HostMemory]; [MemoryPool] keeps the memory of buffers. Nothing here
/// knows graphs or kernels.
@NullMarked
package jaxon.runtime.host;

import org.jspecify.annotations.NullMarked;
