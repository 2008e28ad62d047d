/// When each value dies and where it lives.
///
/// Flow: a backend turns its program into a straight list of [Step]s (usually one per equation; a
/// compiler gives one per fused kernel) -> [Liveness] -> [MemoryPlan], which gives each value a
/// [Storage]. Start at [MemoryPlan]. Nothing here allocates: backends own the memory.
@NullMarked
package jaxon.runtime.plan;

import org.jspecify.annotations.NullMarked;
