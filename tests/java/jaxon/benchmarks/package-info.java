/// Programs that measure: run by hand, never by the build.
///
/// Start at [Nd4jBenchmark]; each prints a table to the terminal.
@NullMarked
package jaxon.benchmarks;

import org.jspecify.annotations.NullMarked;
