package jaxon.runtime.program;

/// A collective of a loop's body that is started one turn of the loop ahead, because it reads a
/// slice of what the loop scans.
///
/// @param transfer the collective
/// @param scanned position of the body's input whose slice it reads
/// @param offset bytes from the start of the slice to what it reads
/// @param input position of the body's input that stands for the result
/// @param bytes size of the result
public record Prefetch(Transfer.Link transfer, int scanned, long offset, int input, long bytes) {}
