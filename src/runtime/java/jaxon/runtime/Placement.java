package jaxon.runtime;

import java.util.List;
import jaxon.sharding.PartitionSpec;

/// How the inputs and results of a program are cut over a mesh.
public record Placement(List<PartitionSpec> inputs, List<PartitionSpec> outputs) {
  public Placement {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }
}
