/// Programs of the engines on the CPU: what is read and written where, and running it.
///
/// Flow: [Action]s over [View]s of [Slot]s, in order, with a memory plan -> [Plan] -> [Linkage],
/// which gives views their addresses as [Tensor]s and makes prebuilt [Kernel]s -> [LinkedProgram],
/// run by [ProgramExecutable] on [HostBuffer]s. Loops and branches run programs of their own
/// ([ScanKernel], [WhileKernel], [CaseKernel]). Start at [Plan].
///
/// Plans are made by `jaxon.runtime.lower`; what kernels compute is none of this package's
/// business.
@NullMarked
package jaxon.runtime.program;

import org.jspecify.annotations.NullMarked;
