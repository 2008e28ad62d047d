/// What tests of several modules share: random programs, the proof that a rewrite keeps results,
/// golden texts.
///
/// Start at [PassVerifier], which runs a graph before and after a pass on inputs from
/// [RandomLiterals]; [RandomGraphs] makes the graphs. [GraphListing] is a text form for
/// expectations and [Golden] compares texts with files.
@NullMarked
package jaxon.testing;

import org.jspecify.annotations.NullMarked;
