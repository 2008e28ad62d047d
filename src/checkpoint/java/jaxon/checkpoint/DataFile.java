package jaxon.checkpoint;

/// A file of chunks.
///
/// @param frame SHA-256, in hexadecimal, of all its bytes that are not of chunks
public record DataFile(String name, long bytes, String frame) {}
