package jaxon.sharding.partition;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.Var;
import jaxon.graph.op.ControlOp;
import jaxon.sharding.TensorSharding;
import jaxon.sharding.propagate.ManualRegions;
import jaxon.sharding.propagate.ShardingPlan;

/// A manual region is what a device does already, but for the axes that it does not speak of: it is
/// partitioned along those and takes its place in the program of the device.
final class ShardMapPartitioner {
  private final RegionPartitioner scope;
  private final ShardingPlan plan;

  ShardMapPartitioner(RegionPartitioner scope) {
    this.scope = scope;
    this.plan = scope.plan();
  }

  void partition(ControlOp.ShardMap op, Equation equation) {
    Graph region = equation.regions().getFirst();
    List<TensorSharding> inputs = blocks(region.inputs());
    List<TensorSharding> outputs = blocks(region.outputs());
    List<Optional<TensorSharding>> wanted = outputs.stream().map(Optional::of).toList();
    Graph local = RegionPartitioner.run(plan, region, inputs, wanted, scope.inComposite()).local();
    List<Var> locals = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      TensorSharding outer = ManualRegions.outer(inputs.get(i), op.inputs().get(i));
      locals.add(scope.in(scope.placedOf(equation.inputs().get(i)), outer).local());
    }
    List<Var> results = scope.emitter().builder().inline(local, locals);
    for (int i = 0; i < results.size(); i++) {
      Var global = equation.outputs().get(i);
      TensorSharding outer = ManualRegions.outer(outputs.get(i), op.outputs().get(i));
      scope.place(global, scope.in(new Placed(results.get(i), outer), plan.of(global)));
    }
  }

  private List<TensorSharding> blocks(List<Var> vars) {
    return vars.stream().map(plan::of).map(ManualRegions::inBlocks).toList();
  }
}
