package jaxon.sharding.propagate;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import jaxon.graph.Graph;
import jaxon.graph.Var;
import jaxon.sharding.LogicalAxisRules.Dropped;
import jaxon.sharding.Mesh;
import jaxon.sharding.PartitionSpec;
import jaxon.sharding.Pipelining;
import jaxon.sharding.TensorSharding;

/// A sharding for every value of a graph.
///
/// The sharding of a value that is a sum over devices yet is that of the sum.
public final class ShardingPlan {
  private final Graph graph;
  private final Mesh mesh;
  private final Pipelining pipelining;
  private final Map<Var, TensorSharding> shardings;
  private final List<Optional<PartitionSpec>> outputs;
  private final List<Dropped> dropped;
  private final Set<Graph> layerLoops;
  private Set<Var> late = Set.of();

  ShardingPlan(
      Graph graph,
      Mesh mesh,
      Pipelining pipelining,
      Map<Var, TensorSharding> shardings,
      List<Optional<PartitionSpec>> outputs,
      List<Dropped> dropped,
      Set<Graph> layerLoops) {
    this.graph = graph;
    this.mesh = mesh;
    this.pipelining = pipelining;
    this.shardings = shardings;
    this.outputs = List.copyOf(outputs);
    this.dropped = List.copyOf(dropped);
    this.layerLoops = layerLoops;
  }

  /// This plan on another mesh, with other shardings for some values.
  public ShardingPlan on(Mesh other, Map<Var, TensorSharding> changed) {
    Map<Var, TensorSharding> all = new HashMap<>(shardings);
    all.putAll(changed);
    return new ShardingPlan(graph, other, pipelining, all, outputs, dropped, layerLoops);
  }

  /// This plan with values that may stay sums over devices in loops, until after the loop.
  public ShardingPlan reducedLate(Set<Var> vars) {
    ShardingPlan plan = on(mesh, Map.of());
    plan.late = Set.copyOf(vars);
    return plan;
  }

  /// Whether a value may stay a sum over the devices that do not cut it, until after the loop that
  /// adds it up.
  public boolean isReducedLate(Var var) {
    return late.contains(var);
  }

  /// True for the body of a loop over layers that lie on several stages.
  public boolean isOverStages(Graph body) {
    return layerLoops.contains(body);
  }

  /// The graph whose values the plan speaks of: a copy of the one that was propagated.
  public Graph graph() {
    return graph;
  }

  public Mesh mesh() {
    return mesh;
  }

  /// How the loops over layers on several stages run.
  public Pipelining pipelining() {
    return pipelining;
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
