package jaxon.inference;

import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;

/// Where the parameters of a model come from.
@FunctionalInterface
public interface ParameterSource {
  /// The parameter at a path of the model's tree, for example `layers.stacked.mlp.wo.kernel`,
  /// converted to `type`'s dtype.
  ///
  /// @throws InferenceException if there is none, or it has another shape
  Literal read(String path, TensorType type);
}
