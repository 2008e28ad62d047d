/// Type inference: from an op and its operands' types to its results' types, or a clear error.
///
/// Start at [jaxon.graph.infer.TypeRules]; one exhaustive switch per op family.
@NullMarked
package jaxon.graph.infer;

import org.jspecify.annotations.NullMarked;
