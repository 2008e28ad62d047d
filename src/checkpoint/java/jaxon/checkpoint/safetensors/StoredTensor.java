package jaxon.checkpoint.safetensors;

import jaxon.graph.type.TensorType;

/// Where a tensor lies in a file.
///
/// @param begin first byte, counted from the end of the header
/// @param end the byte after the last
record StoredTensor(TensorType type, long begin, long end) {}
