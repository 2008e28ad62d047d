package jaxon.layers;

import jaxon.graph.trace.Array;

/// Token sequences as a model takes them, all `i32[B, T]`.
///
/// @param positions position of each token in its own document
/// @param segments number of the document that a token is of, from 1; 0 is padding
public record TokenBatch(Array tokens, Array positions, Array segments) {}
