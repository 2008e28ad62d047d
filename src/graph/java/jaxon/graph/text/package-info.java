/// The text form of a graph: a StableHLO module in MLIR's pretty syntax.
///
/// Flow: [jaxon.graph.Graph] -> scans lowered to loops -> one function per graph, composite and
/// call -> text. Start at [jaxon.graph.text.StableHloPrinter]; one class writes the ops of each
/// family, and `Spelling` and `DenseText` know MLIR's lexical rules. Printing decides nothing: what
/// an op means is stated at the op, and where StableHLO leaves a choice, the text spells ours out.
@NullMarked
package jaxon.graph.text;

import org.jspecify.annotations.NullMarked;
