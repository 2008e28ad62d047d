package jaxon.checkpoint.tensor;

import java.util.SequencedMap;
import jaxon.graph.type.TensorType;

/// Finds the type of a tensor that must be there.
public final class Lookup {
  private Lookup() {}

  /// The type of `path`; throws [IllegalArgumentException] if the source has none of that name.
  public static TensorType require(SequencedMap<String, TensorType> tensors, String path) {
    TensorType type = tensors.get(path);
    if (type == null) {
      throw new IllegalArgumentException(
          "no tensor '" + path + "' among " + tensors.size() + " tensors");
    }
    return type;
  }
}
