package jaxon.checkpoint;

/// A stored piece of a tensor.
///
/// @param file which of the checkpoint's files holds it
/// @param offset where its bytes begin there
/// @param region what it is of the tensor, row-major
/// @param digest what its bytes are checked against
public record Chunk(int file, long offset, Region region, String digest) {}
