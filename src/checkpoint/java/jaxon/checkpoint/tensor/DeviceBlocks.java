package jaxon.checkpoint.tensor;

import jaxon.checkpoint.TensorSource;
import jaxon.runtime.BlockSource;

/// Tensors as a backend reads them.
public final class DeviceBlocks {
  private DeviceBlocks() {}

  /// The blocks of one tensor of a source.
  public static BlockSource of(TensorSource source, String path) {
    return (start, extent, into) ->
        source.read(
            path, start.stream().mapToLong(Long::longValue).toArray(), extent.toArray(), into);
  }
}
