package jaxon.checkpoint.parquet;

/// Where the bytes of a chunk lie in its file, and their [ChunkDigest].
public record StoredChunk(long offset, String digest) {}
