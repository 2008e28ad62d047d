/// The engine that runs graphs op by op on ND4J and on the OpenBLAS that comes with it.
///
/// Flow: a graph, after [jaxon.runtime.CompilePipeline] -> [Lowering], which turns equations into
/// [View]s and [Action]s by op family -> [Plan] with a memory plan -> [Linkage], which gives views
/// addresses and makes prebuilt [Kernel]s -> [LinkedProgram], run by [Nd4jExecutable] on
/// [Nd4jBuffer]s. Start at [Nd4jBackend], then [Lowering].
///
/// [NativeTable] says which elementwise ops ND4J computes; `*Loops` are ours where it is wrong or
/// slow; [Fallback] runs the rest on the interpreter. Native code is fenced: [Natives] loads it,
/// [Nd4jOps] and [NativeArray] call ND4J, [OpenBlas] calls OpenBLAS, [HostMemory] reads and writes
/// raw memory.
@NullMarked
package jaxon.nd4j;

import org.jspecify.annotations.NullMarked;
