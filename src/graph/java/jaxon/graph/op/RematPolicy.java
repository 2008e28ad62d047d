package jaxon.graph.op;

import java.util.List;

/// Which values of a rematerialized region are kept for the backward pass; the others are computed
/// again.
///
/// @param saveDots keep every dot_general result that has no batch dims (the weight matmuls)
/// @param savedNames keep values tagged with one of these [AnnotationOp.Name] names
public record RematPolicy(boolean saveDots, List<String> savedNames) {
  /// Keeps nothing but the region's inputs.
  public static final RematPolicy FULL = new RematPolicy(false, List.of());

  public RematPolicy {
    savedNames = List.copyOf(savedNames);
  }
}
