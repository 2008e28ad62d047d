/// Graph to graph rewrites that replace ops of Jaxon's own by ops of StableHLO.
///
/// Flow: a [jaxon.graph.Graph] -> one class per rewrite -> an equivalent graph without the op.
/// Start at [jaxon.graph.lower.LowerScan]. Nothing here knows of backends.
@NullMarked
package jaxon.graph.lower;

import org.jspecify.annotations.NullMarked;
