/// The backend `interpreter`: runs graphs through `jaxon.graph.interpret.Interpreter` on host
/// memory, slowly and obviously.
///
/// Start at [InterpreterBackend]. It needs no native library, goes through the same pipeline,
/// checks and buffer rules as every backend, and is the peer that others are tested against.
@NullMarked
package jaxon.runtime.interpreter;

import org.jspecify.annotations.NullMarked;
