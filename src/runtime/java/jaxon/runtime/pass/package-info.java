/// The passes: graph -> equivalent graph.
///
/// Start at [Pass]. Most passes hand one [RewriteRule] to [GraphRewriter], which rebuilds a graph
/// equation by equation, regions first; values that a rule does not touch keep their identity. The
/// order of the passes is in `jaxon.runtime.CompilePipeline`; nothing here knows of backends.
@NullMarked
package jaxon.runtime.pass;

import org.jspecify.annotations.NullMarked;
