package jaxon.checkpoint;

import java.util.List;
import jaxon.graph.type.TensorType;

/// A tensor in a checkpoint.
///
/// @param type of the whole tensor
/// @param axes logical axes, one name per dim; empty if nobody named them
/// @param spec for each dim the mesh axes that cut it when it was written; empty if it was whole
/// @param chunks that make it up, each element in one of them
public record TensorEntry(
    TensorType type, List<String> axes, List<List<String>> spec, List<Chunk> chunks) {
  public TensorEntry {
    axes = List.copyOf(axes);
    spec = spec.stream().map(List::copyOf).toList();
    chunks = List.copyOf(chunks);
  }

  /// A tensor that is to be written.
  public TensorEntry(TensorType type, List<String> axes, List<List<String>> spec) {
    this(type, axes, spec, List.of());
  }

  TensorEntry with(List<Chunk> all) {
    return new TensorEntry(type, axes, spec, all);
  }
}
