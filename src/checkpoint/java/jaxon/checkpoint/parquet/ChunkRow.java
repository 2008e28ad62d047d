package jaxon.checkpoint.parquet;

import java.util.List;

/// What stands beside the bytes of a chunk in its row, as text.
///
/// @param tensor path of the tensor
/// @param dtype element type, for example `f32`
/// @param shape sizes of the whole tensor, for example `[8, 128]`
/// @param start first element of the chunk, per dim
/// @param extent size of the chunk, per dim
public record ChunkRow(String tensor, String dtype, String shape, String start, String extent) {
  /// Names of the text columns, in order.
  static final List<String> COLUMNS =
      List.of("tensor", "dtype", "shape", "start", "extent", "digest");

  /// Name of the column with the bytes, which is the last.
  static final String DATA = "data";

  /// The values of the text columns.
  List<String> values(String digest) {
    return List.of(tensor, dtype, shape, start, extent, digest);
  }
}
