/// How fast text is made, and how fast the machine would allow.
///
/// Flow: a configuration -> [DecodeBenchmark] -> [DecodeResult].
@NullMarked
package jaxon.inference.bench;

import org.jspecify.annotations.NullMarked;
