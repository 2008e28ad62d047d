/// Tracing: running user code on [Array]s that record what is done to them.
///
/// Flow: [Tracer#trace] runs a Java function on fresh inputs; each method of [Array] and each
/// function of [Ops], [Control] and [Threefry] appends an equation to the current graph; the result
/// is a closed `jaxon.graph.Graph`. Regions of control flow are traced the same way, and values
/// they use from outside become their inputs. [Control#shardMap] records what one device of several
/// does, with the [Collectives] that it does with the others. Start at [Array] to write a model, at
/// [Tracer] to see how it works.
@NullMarked
package jaxon.graph.trace;

import org.jspecify.annotations.NullMarked;
