package jaxon.checkpoint;

import jaxon.config.CheckpointCompression;

/// A file of a checkpoint: its name, how many bytes it has, how its chunks are compressed, and the
/// digest of all its bytes but those of the chunks.
public record DataFile(String name, long bytes, CheckpointCompression compression, String frame) {
  boolean isCompressed() {
    return compression != CheckpointCompression.NONE;
  }
}
