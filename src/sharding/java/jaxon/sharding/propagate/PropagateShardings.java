package jaxon.sharding.propagate;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.Var;
import jaxon.graph.op.AnnotationOp;
import jaxon.graph.op.ControlOp;
import jaxon.graph.op.ShapeOp;
import jaxon.graph.type.Shape;
import jaxon.sharding.LogicalAxisRules;
import jaxon.sharding.LogicalAxisRules.Assignment;
import jaxon.sharding.LogicalAxisRules.Dropped;
import jaxon.sharding.Mesh;
import jaxon.sharding.MeshAxis;
import jaxon.sharding.PartitionSpec;
import jaxon.sharding.Pipelining;
import jaxon.sharding.Sharding;
import jaxon.sharding.ShardingException;
import jaxon.sharding.TensorSharding;
import jaxon.sharding.rule.Factor;
import jaxon.sharding.rule.OpRule;
import jaxon.sharding.rule.ShardingRules;

/// Spreads the shardings of inputs, outputs and constraints over a graph, to a fixed point.
///
/// Each dim is cut at most once, so the sweeps end; who comes first, wins. A first phase goes
/// through ops alone that neither fold nor broadcast (elementwise ops, transposes …), much as
/// Shardy does: so the gradient of a weight, which the optimizer combines with the weight element
/// by element, is to be cut like it, whatever the activations it is computed from. That phase
/// starts backward: what a constraint asks for reaches what it is made of before anything else
/// does. After that forward goes before backward: activations follow the batch they come from, and
/// only what has no sharding then takes one from its use.
public final class PropagateShardings {
  private final Mesh mesh;
  private final LogicalAxisRules rules;
  private final Shardings shardings = new Shardings();
  private final Set<Graph> layerLoops = Collections.newSetFromMap(new IdentityHashMap<>());
  private final RegionStep regions;
  private final List<Dropped> dropped = new ArrayList<>();
  private boolean allOps;

  private PropagateShardings(Mesh mesh, LogicalAxisRules rules) {
    this.mesh = mesh;
    this.rules = rules;
    this.regions = new RegionStep(mesh, shardings, layerLoops::contains);
  }

  /// The plan for a graph.
  ///
  /// @param inputs the spec of each input
  /// @param outputs the spec of each result; empty: as it comes
  /// @param rules what sharding constraints mean
  public static ShardingPlan run(
      Graph graph,
      Mesh mesh,
      List<PartitionSpec> inputs,
      List<Optional<PartitionSpec>> outputs,
      LogicalAxisRules rules) {
    return run(graph, mesh, inputs, outputs, rules, Pipelining.DEFAULT);
  }

  /// The plan for a graph whose loops over layers may be pipelines.
  public static ShardingPlan run(
      Graph graph,
      Mesh mesh,
      List<PartitionSpec> inputs,
      List<Optional<PartitionSpec>> outputs,
      LogicalAxisRules rules,
      Pipelining pipelining) {
    requireCounts(graph, inputs, outputs);
    ManualRegions.check(graph, mesh);
    PropagateShardings pass = new PropagateShardings(mesh, rules);
    Graph copy = UniqueRegions.copy(graph);
    for (int i = 0; i < inputs.size(); i++) {
      pass.fix(copy.inputs().get(i), inputs.get(i));
    }
    for (int i = 0; i < outputs.size(); i++) {
      Var output = copy.outputs().get(i);
      outputs.get(i).ifPresent(spec -> pass.fix(output, spec));
    }
    pass.layerLoops.addAll(LayerLoops.find(copy, pass.shardings, mesh, pipelining).bodies());
    pass.constraints(copy, List.of());
    pass.backward(copy);
    pass.sweep(copy);
    pass.allOps = true;
    pass.sweep(copy);
    return new ShardingPlan(
        copy, mesh, pipelining, pass.shardings.all(), outputs, pass.dropped, pass.layerLoops);
  }

  /// The cuts that follow within a loop's body if one carried value is cut.
  static Map<Var, TensorSharding> inLoop(
      ControlOp.Scan op, Graph body, Mesh mesh, Var carried, TensorSharding cut) {
    PropagateShardings pass = new PropagateShardings(mesh, new LogicalAxisRules(List.of()));
    pass.allOps = true;
    pass.shardings.offer(carried, cut);
    do {
      pass.forward(body);
      pass.backward(body);
      for (int i = 0; i < op.carries(); i++) {
        Var in = body.inputs().get(op.consts() + i);
        Var out = body.outputs().get(i);
        pass.shardings.offer(in, pass.shardings.of(out));
        pass.shardings.offer(out, pass.shardings.of(in));
      }
    } while (pass.shardings.takeChanged());
    return pass.shardings.all();
  }

  private static void requireCounts(
      Graph graph, List<PartitionSpec> inputs, List<Optional<PartitionSpec>> outputs) {
    if (inputs.size() != graph.inputs().size() || outputs.size() != graph.outputs().size()) {
      throw new ShardingException(
          "%s has %d inputs and %d outputs, got specs for %d and %d"
              .formatted(
                  graph,
                  graph.inputs().size(),
                  graph.outputs().size(),
                  inputs.size(),
                  outputs.size()));
    }
  }

  private void fix(Var var, PartitionSpec spec) {
    Shape shape = var.type().shape();
    new Sharding(mesh, spec).requireFits(shape);
    shardings.fix(var, TensorSharding.of(spec, shape));
  }

  /// @param taken axes along which nothing is cut here: those of a manual region, or the stages in
  ///   the body of a loop over layers on stages
  private void constraints(Graph graph, List<String> taken) {
    for (Equation equation : graph.equations()) {
      if (equation.op() instanceof AnnotationOp.ShardingConstraint constraint) {
        Shape shape = equation.output().type().shape();
        Assignment found = rules.assign(constraint.axes(), shape, mesh);
        dropped.addAll(found.dropped());
        TensorSharding asked = TensorSharding.of(found.spec(), shape);
        for (String axis : taken) {
          asked = asked.without(axis);
        }
        shardings.fix(equation.output(), asked);
      }
      for (Graph region : equation.regions()) {
        List<String> inside = new ArrayList<>(taken);
        if (layerLoops.contains(region)) {
          inside.add(MeshAxis.STAGE);
        }
        if (equation.op() instanceof ControlOp.ShardMap map) {
          inside.addAll(map.devices().axes());
        }
        constraints(region, inside);
      }
    }
  }

  private void sweep(Graph graph) {
    do {
      forward(graph);
      backward(graph);
    } while (shardings.takeChanged());
  }

  private boolean isTurnOf(Equation equation, OpRule rule) {
    boolean folds = rule.factors().stream().anyMatch(factor -> factor.role() == Factor.Role.FOLDED);
    return allOps || !(folds || equation.op() instanceof ShapeOp.BroadcastInDim);
  }

  private void forward(Graph graph) {
    for (Equation equation : graph.equations()) {
      if (equation.op() instanceof ControlOp op) {
        regions.enter(op, equation);
        running(equation).forEach(this::forward);
        regions.leave(op, equation);
      } else {
        OpRule rule = ShardingRules.of(equation);
        if (isTurnOf(equation, rule)) {
          RuleStep.forward(equation, rule, mesh, shardings);
        }
      }
    }
  }

  private void backward(Graph graph) {
    for (Equation equation : graph.equations().reversed()) {
      if (equation.op() instanceof ControlOp op) {
        regions.enterBackward(op, equation);
        running(equation).forEach(this::backward);
        regions.leaveBackward(op, equation);
      } else {
        OpRule rule = ShardingRules.of(equation);
        if (isTurnOf(equation, rule)) {
          RuleStep.backward(equation, rule, mesh, shardings);
        }
      }
    }
  }

  /// The regions that run: of a custom derivative the first alone.
  private static List<Graph> running(Equation equation) {
    return equation.op() instanceof ControlOp.CustomVjp
        ? equation.regions().subList(0, 1)
        : equation.regions();
  }
}
