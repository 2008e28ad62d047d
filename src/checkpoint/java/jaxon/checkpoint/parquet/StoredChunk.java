package jaxon.checkpoint.parquet;

/// Where the bytes of a chunk lie in its file, how many they are if they are compressed (else 0),
/// and their [ChunkDigest].
public record StoredChunk(long offset, long compressed, String digest) {}
