/// Tools of the tests: running traced functions, checking derivatives, passes and golden texts.
///
/// [Traced] runs a function of arrays on literals by the interpreter; [GradCheck] compares
/// [jaxon.autodiff.Grad] with central differences of such a function; [LiveEquations] finds what a
/// graph really computes. Start at [GradCheck]. Nothing here knows of layers or backends.
/// [jaxon.testing.Eval] traces a function on the types of literals and interprets it.
@NullMarked
package jaxon.testing;

import org.jspecify.annotations.NullMarked;
