/// Kernels in plain Java over strided tensors, for every engine on the CPU.
///
/// Each kernel is linked to its tensors once, cut into tasks by shape ([Cut]) and run many times
/// without allocating. Start at [HostLoop] (elementwise, by the `*Loops`), [CopyKernel] and [Rows].
/// Nothing here knows graphs or when a kernel is used.
@NullMarked
package jaxon.runtime.kernel;

import org.jspecify.annotations.NullMarked;
