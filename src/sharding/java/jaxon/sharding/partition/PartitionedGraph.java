package jaxon.sharding.partition;

import java.util.List;
import jaxon.graph.Graph;
import jaxon.sharding.Mesh;
import jaxon.sharding.PartitionSpec;
import jaxon.sharding.propagate.ShardingPlan;

/// The program that every device of a mesh runs.
///
/// @param graph on one device's parts of inputs and outputs
/// @param inputs how the inputs are cut
/// @param outputs how the outputs are cut
/// @param plan how everything between was meant to be cut
public record PartitionedGraph(
    Graph graph,
    Mesh mesh,
    List<PartitionSpec> inputs,
    List<PartitionSpec> outputs,
    ShardingPlan plan) {
  public PartitionedGraph {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }
}
