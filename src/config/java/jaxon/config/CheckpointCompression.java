package jaxon.config;

/// How the tensors of a checkpoint are stored.
public enum CheckpointCompression implements YamlNamed {
  /// As they are in memory.
  NONE,
  /// Each chunk by itself as Zstandard makes it smaller.
  ZSTD
}
