package jaxon.sharding.propagate;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import jaxon.graph.Graph;
import jaxon.graph.Var;
import jaxon.sharding.LogicalAxisRules.Dropped;
import jaxon.sharding.Mesh;
import jaxon.sharding.PartitionSpec;
import jaxon.sharding.TensorSharding;

/// A sharding for every value of a graph.
///
/// The sharding of a value that is a sum over devices yet is that of the sum.
public final class ShardingPlan {
  private final Graph graph;
  private final Mesh mesh;
  private final Map<Var, TensorSharding> shardings;
  private final List<Optional<PartitionSpec>> outputs;
  private final List<Dropped> dropped;

  ShardingPlan(
      Graph graph,
      Mesh mesh,
      Map<Var, TensorSharding> shardings,
      List<Optional<PartitionSpec>> outputs,
      List<Dropped> dropped) {
    this.graph = graph;
    this.mesh = mesh;
    this.shardings = shardings;
    this.outputs = List.copyOf(outputs);
    this.dropped = List.copyOf(dropped);
  }

  /// The graph whose values the plan speaks of: a copy of the one that was propagated.
  public Graph graph() {
    return graph;
  }

  public Mesh mesh() {
    return mesh;
  }

  /// How a value of the graph or of one of its regions is cut; whole where nothing was said.
  public TensorSharding of(Var var) {
    TensorSharding known = shardings.get(var);
    return known == null ? TensorSharding.replicated(var.type().shape()) : known;
  }

  /// The sharding that result `index` must be given in.
  public TensorSharding ofOutput(int index) {
    Var var = graph.outputs().get(index);
    return outputs
        .get(index)
        .map(spec -> TensorSharding.of(spec, var.type().shape()))
        .orElseGet(() -> of(var));
  }

  /// Axes that constraints asked for and that do not divide the dim they were asked for.
  public List<Dropped> dropped() {
    return dropped;
  }
}
