package jaxon.checkpoint;

import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;

/// A block of a tensor that is to be written.
///
/// @param path of the tensor
/// @param tensor what the tensor is, without chunks
/// @param region what the block is of it
/// @param data gives the block's bytes
public record TensorBlock(String path, TensorEntry tensor, Region region, Data data) {
  /// Memory that is there when asked for.
  @FunctionalInterface
  public interface Data {
    /// Calls `reader` with the bytes, dense and row-major, elements little-endian; they are valid
    /// until it returns.
    void read(Consumer<MemorySegment> reader);
  }

  /// Number of bytes.
  public long bytes() {
    return region.elements() * tensor.type().dtype().bytes();
  }
}
