/// The graph: typed values in single static assignment form, and how they are made, checked and
/// evaluated.
///
/// Flow: user code on `trace.Array` -> [GraphBuilder] -> [Graph] -> passes -> a backend. Start at
/// [Graph]. Invariants (checked by [GraphVerifier]): every value is defined once, before its uses;
/// types are those that `infer.TypeRules` gives; a graph refers to nothing outside itself.
@NullMarked
package jaxon.graph;

import org.jspecify.annotations.NullMarked;
