/// Tools of the tests: running traced functions, checking derivatives and passes, golden texts.
///
/// [Traced] runs a function of arrays on literals by the interpreter; [GradCheck] compares
/// [jaxon.autodiff.Grad] with central differences of such a function; [RandomGraphs] makes legal
/// graphs from a seed, [PassVerifier] proves that a pass keeps what they compute, and [Golden]
/// compares text with a file. Start at [Traced]. Nothing here knows of layers or backends.
@NullMarked
package jaxon.testing;

import org.jspecify.annotations.NullMarked;
