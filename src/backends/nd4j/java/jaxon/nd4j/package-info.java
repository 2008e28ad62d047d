/// The engine that runs graphs op by op on ND4J and on the OpenBLAS that comes with it.
///
/// Flow: a graph, after [jaxon.runtime.CompilePipeline] -> [jaxon.runtime.lower.Lowering] with
/// [Nd4jLowerings], which choose kernels for elementwise ops, reductions and products -> a program
/// that [jaxon.runtime.program.ProgramExecutable] runs. Start at [Nd4jBackend], then
/// [Nd4jLowerings].
///
/// [NativeTable] says which elementwise ops ND4J computes; loops in Java run where it is wrong or
/// slow. Native code is fenced: [Natives] loads it, [Nd4jOps] and [NativeArray] call ND4J,
/// [OpenBlas] calls OpenBLAS.
@NullMarked
package jaxon.nd4j;

import org.jspecify.annotations.NullMarked;
