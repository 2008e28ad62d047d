package jaxon.sharding.partition;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jaxon.graph.Graph;
import jaxon.graph.GraphVerifier;
import jaxon.sharding.DimSharding;
import jaxon.sharding.LogicalAxisRules;
import jaxon.sharding.Mesh;
import jaxon.sharding.PartitionSpec;
import jaxon.sharding.Pipelining;
import jaxon.sharding.TensorSharding;
import jaxon.sharding.propagate.PropagateShardings;
import jaxon.sharding.propagate.ShardingPlan;

/// Turns the program of a whole mesh into the program of one device.
///
/// No device is needed: the program for a thousand devices is made as quickly as that for two.
public final class Partitioner {
  private Partitioner() {}

  /// The per-device program of `graph`.
  ///
  /// @param inputs the spec of each input
  /// @param outputs the spec of each result; empty: as it comes
  /// @param rules what the sharding constraints in the graph mean
  public static PartitionedGraph partition(
      Graph graph,
      Mesh mesh,
      List<PartitionSpec> inputs,
      List<Optional<PartitionSpec>> outputs,
      LogicalAxisRules rules) {
    return partition(graph, mesh, inputs, outputs, rules, Pipelining.DEFAULT);
  }

  /// The per-device program of `graph`.
  ///
  /// @param inputs the spec of each input
  /// @param outputs the spec of each result; empty: as it comes
  /// @param rules what the sharding constraints in the graph mean
  /// @param pipelining how loops over layers that lie on several stages run
  public static PartitionedGraph partition(
      Graph graph,
      Mesh mesh,
      List<PartitionSpec> inputs,
      List<Optional<PartitionSpec>> outputs,
      LogicalAxisRules rules,
      Pipelining pipelining) {
    ShardingPlan plan = PropagateShardings.run(graph, mesh, inputs, outputs, rules, pipelining);
    return partition(plan.reducedLate(LateSums.of(plan)), inputs);
  }

  private static PartitionedGraph partition(ShardingPlan plan, List<PartitionSpec> inputs) {
    Graph graph = plan.graph();
    List<TensorSharding> given = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      given.add(TensorSharding.of(inputs.get(i), graph.inputs().get(i).type().shape()));
    }
    List<TensorSharding> results = new ArrayList<>();
    for (int i = 0; i < graph.outputs().size(); i++) {
      results.add(inBlocks(plan.ofOutput(i)));
    }
    Graph local =
        RegionPartitioner.run(
                plan, graph, given, results.stream().map(Optional::of).toList(), false)
            .local();
    GraphVerifier.verify(local, "Partitioner");
    return new PartitionedGraph(
        local, plan.mesh(), inputs, results.stream().map(TensorSharding::spec).toList(), plan);
  }

  /// Whoever reads results knows blocks only.
  private static TensorSharding inBlocks(TensorSharding sharding) {
    TensorSharding blocks = sharding;
    for (int dim = 0; dim < sharding.dims().size(); dim++) {
      if (!sharding.dim(dim).isBlocks()) {
        blocks = blocks.with(dim, DimSharding.whole(sharding.dim(dim).size()));
      }
    }
    return blocks;
  }
}
