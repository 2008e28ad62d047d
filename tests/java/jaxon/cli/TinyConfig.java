package jaxon.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The configuration file of a model that any backend runs in a moment.
final class TinyConfig {
  private static final String MODEL =
      """
      dtype: float32
      base_num_decoder_layers: 1
      base_emb_dim: 8
      base_num_query_heads: 2
      base_num_kv_heads: 2
      head_dim: 4
      base_mlp_dim: 8
      max_target_length: 8
      """;

  private TinyConfig() {}

  /// Writes `tiny.yml` in a directory.
  ///
  /// @param more further lines, at least the vocabulary's size
  static Path write(Path directory, String more) throws IOException {
    return Files.writeString(directory.resolve("tiny.yml"), MODEL + more);
  }
}
