/// The operations of the graph, named and defined as in StableHLO.
///
/// Start at [Op]. An op holds attributes only; operands, results and regions are wired by
/// `jaxon.graph.Equation`. The set is closed: every transform switches over it without a `default`,
/// so that a new op breaks the build wherever a decision is due.
@NullMarked
package jaxon.graph.op;

import org.jspecify.annotations.NullMarked;
