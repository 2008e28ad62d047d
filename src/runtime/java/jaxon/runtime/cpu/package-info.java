/// The engine that compiles graphs for the CPU.
///
/// Flow: a graph -> the passes of [jaxon.runtime.CompilePipeline] -> [jaxon.runtime.lower.Lowering]
/// with [CpuLowerings]: composites that [CompositeKernels] knows become one
/// [jaxon.runtime.kernel.HostKernel] each, the rest runs op by op -> a program that
/// [jaxon.runtime.program.ProgramExecutable] runs. Start at [CpuBackend].
@NullMarked
package jaxon.runtime.cpu;

import org.jspecify.annotations.NullMarked;
