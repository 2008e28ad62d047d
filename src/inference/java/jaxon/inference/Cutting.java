package jaxon.inference;

import jaxon.graph.op.LogicalAxes;
import jaxon.graph.type.TensorType;
import jaxon.sharding.PartitionSpec;

/// How tensors are cut over the devices.
@FunctionalInterface
public interface Cutting {
  /// The spec of a tensor with these logical axes.
  PartitionSpec spec(LogicalAxes axes, TensorType type);
}
