/// The interpreter: any graph evaluated in plain Java, slowly and obviously; the oracle of every
/// test.
///
/// Flow: literals -> [jaxon.graph.interpret.Tensor]s (`double[]` or `long[]`) -> one kernel per
/// equation, in order -> literals. Start at [jaxon.graph.interpret.Interpreter]; each op's kernel
/// reads as its definition. It must not know of backends or passes, and never be made fast at the
/// price of being plain.
@NullMarked
package jaxon.graph.interpret;

import org.jspecify.annotations.NullMarked;
