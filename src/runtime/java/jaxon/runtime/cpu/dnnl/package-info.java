/// Matrix products on the CPU: oneDNN through the foreign-function API, or plain Java where the
/// platform has no oneDNN.
///
/// A [MatmulSpec] says what is multiplied and how it lies in memory. [Matmul] runs it on all
/// threads of a pool, cut into tasks by a [Tiling]; [BlockProduct] is the same for one thread, for
/// the blocks inside other kernels. Both are prepared once, when a program is compiled, and then
/// run by address without allocating.
///
/// Start at [Dnnl], which says whether oneDNN is there. `DnnlLibrary` finds and loads it, `DnnlApi`
/// is the only class that calls it. [DotPlan] makes a [MatmulSpec] of a dot_general whose operands
/// lie as matrices; nothing else here knows graphs. [GemmRoofline] and [CopyBandwidth] measure what
/// the machine can do at best.
@NullMarked
package jaxon.runtime.cpu.dnnl;

import org.jspecify.annotations.NullMarked;
