package jaxon.inference;

import jaxon.graph.type.TensorType;
import jaxon.runtime.BlockSource;

/// Where the parameters of a model come from.
@FunctionalInterface
public interface ParameterSource {
  /// The parameter at a path of the model's tree, for example `layers.stacked.mlp.wo.kernel`,
  /// converted to `type`'s dtype; it has `type`'s shape.
  BlockSource parameter(String path, TensorType type);
}
