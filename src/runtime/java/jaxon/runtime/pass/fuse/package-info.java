/// Groups equations into loops: what one pass over memory can compute together.
///
/// Flow: [FuseLoops] takes each graph and region -> [Uses] finds who reads whom, through views ->
/// [Clustering] walks the equations from the last to the first and lets each join the [LoopGroup]s
/// of its readers where [Joining] allows it and no cycle arises ([Reachability]) -> [LoopEmitter]
/// makes one `jaxon.loop` composite of each group and puts everything back in order. Then
/// [KeepPrecision] leaves out the roundings within loops. Start at [FuseLoops]; the form of a loop
/// is said at [FuseLoops#COMPOSITE].
@NullMarked
package jaxon.runtime.pass.fuse;

import org.jspecify.annotations.NullMarked;
