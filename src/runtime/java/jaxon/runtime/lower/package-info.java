/// From graphs to plans, for every engine on the CPU.
///
/// Flow: a graph, after `jaxon.runtime.CompilePipeline` -> [Lowering], which turns equations into
/// views and actions by op family -> [CollectiveSchedule], which says when collectives start and
/// when they are waited for -> a `jaxon.runtime.program.Plan`. Start at [Lowering].
///
/// What an engine computes in its own way comes in through [OpLowerings]; [Fallback] runs on the
/// interpreter what has no kernel.
@NullMarked
package jaxon.runtime.lower;

import org.jspecify.annotations.NullMarked;
