/// The engine that compiles graphs for the CPU.
///
/// [HostKernel] is what its fused kernels look like from outside.
@NullMarked
package jaxon.runtime.cpu;

import org.jspecify.annotations.NullMarked;
