package jaxon.sharding.partition;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.GraphBuilder;
import jaxon.graph.Var;
import jaxon.graph.op.AnnotationOp;
import jaxon.graph.op.BinaryOp;
import jaxon.graph.op.ControlOp;
import jaxon.graph.op.ReduceOp;
import jaxon.graph.op.ShapeOp;
import jaxon.graph.op.SourceOp;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;
import jaxon.sharding.DimSharding;
import jaxon.sharding.Mesh;
import jaxon.sharding.TensorSharding;
import jaxon.sharding.propagate.ShardingPlan;
import jaxon.sharding.rule.OpRule;
import jaxon.sharding.rule.ShardingRules;

/// Partitions the equations of one graph, or of one region, into one graph of the per-device
/// program.
final class RegionPartitioner {
  private final ShardingPlan plan;
  private final Mesh mesh;
  private final boolean inComposite;
  private final GraphBuilder builder = new GraphBuilder();
  private final Emitter emitter;
  private final Resharding resharding;
  private final Broadcasts broadcasts;
  private final LocalOps localOps;
  private final Uses uses = new Uses();
  private final Map<Var, Placed> placed = new HashMap<>();
  private final Map<Var, Map<TensorSharding, Placed>> reached = new HashMap<>();
  private final Map<Var, Set<TensorSharding>> asked = new LinkedHashMap<>();
  private final Set<Var> free = new LinkedHashSet<>();
  private final Set<Var> zeros = new HashSet<>();

  private RegionPartitioner(ShardingPlan plan, boolean inComposite) {
    this.plan = plan;
    this.mesh = plan.mesh();
    this.inComposite = inComposite;
    this.emitter = new Emitter(builder, mesh);
    this.resharding = new Resharding(emitter);
    this.broadcasts = new Broadcasts(emitter);
    this.localOps = new LocalOps(emitter);
  }

  /// What became of a graph.
  ///
  /// @param local the per-device graph
  /// @param outputs how each of its outputs is cut, and whether it is partial yet
  /// @param asked for each input the shardings that it was used in
  record Result(Graph local, List<Placed> outputs, List<Set<TensorSharding>> asked) {}

  /// Partitions a graph.
  ///
  /// @param inputs the sharding of each input
  /// @param outputs the sharding that each output must have; empty: any, even partial
  /// @param inComposite whether the graph is (part of) the decomposition of a composite
  static Result run(
      ShardingPlan plan,
      Graph graph,
      List<TensorSharding> inputs,
      List<Optional<TensorSharding>> outputs,
      boolean inComposite) {
    RegionPartitioner region = new RegionPartitioner(plan, inComposite);
    return region.run(graph, inputs, outputs);
  }

  private Result run(
      Graph graph, List<TensorSharding> inputs, List<Optional<TensorSharding>> outputs) {
    List<Var> locals = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      Var input = graph.inputs().get(i);
      TensorType type = input.type().withShape(inputs.get(i).localShape(mesh));
      locals.add(builder.input(type));
      placed.put(input, new Placed(locals.getLast(), inputs.get(i)));
    }
    uses.add(graph);
    for (int i = 0; i < outputs.size(); i++) {
      if (outputs.get(i).isEmpty() && uses.isOnlyResult(graph.outputs().get(i))) {
        free.add(graph.outputs().get(i));
      }
    }
    if (!new InterleavedPartitioner(this).partition(graph)) {
      graph.equations().forEach(this::partition);
    }
    List<Placed> results = new ArrayList<>();
    for (int i = 0; i < outputs.size(); i++) {
      Var output = graph.outputs().get(i);
      Placed value = placedOf(output);
      results.add(outputs.get(i).map(wanted -> result(output, value, wanted)).orElse(value));
    }
    Graph local = builder.build(graph.name(), results.stream().map(Placed::local).toList());
    List<Set<TensorSharding>> askedOfInputs =
        locals.stream().map(var -> asked.getOrDefault(var, Set.of())).toList();
    return new Result(local, results, askedOfInputs);
  }

  /// A result of a region in the form that is wanted; a late sum stays one where that cuts nothing.
  private Placed result(Var output, Placed value, TensorSharding wanted) {
    return plan.isReducedLate(output) ? summedWhereCut(value, wanted) : in(value, wanted);
  }

  /// `value` in a sharding, reduced over the axes that cut it there and no others.
  private Placed summedWhereCut(Placed value, TensorSharding sharding) {
    List<String> axes = value.partial().map(Partial::axes).orElse(List.of());
    List<String> rest = axes.stream().filter(axis -> !sharding.axes().contains(axis)).toList();
    boolean sums = value.partial().map(Partial::kind).equals(Optional.of(ReduceOp.Kind.SUM));
    if (rest.isEmpty() || !sums) {
      return in(value, sharding);
    }
    List<String> cut = axes.stream().filter(axis -> !rest.contains(axis)).toList();
    Optional<Partial> now =
        cut.isEmpty() ? Optional.empty() : Optional.of(new Partial(cut, ReduceOp.Kind.SUM));
    Placed reached = resharding.apply(new Placed(value.local(), value.sharding(), now), sharding);
    return new Placed(reached.local(), sharding, Optional.of(new Partial(rest, ReduceOp.Kind.SUM)));
  }

  /// Writes what becomes of an equation.
  void partition(Equation equation) {
    emitter.at(equation.source());
    switch (equation.op()) {
      case AnnotationOp.ShardingConstraint _ -> {
        Placed value = placedOf(equation.inputs().getFirst());
        placed.put(equation.output(), in(value, plan.of(equation.output())));
      }
      case AnnotationOp.OptimizationBarrier _ -> barrier(equation);
      case ControlOp op -> new ControlPartitioner(this).partition(op, equation);
      default -> byRule(equation);
    }
  }

  /// Each value goes through in the form that is planned for it.
  private void barrier(Equation equation) {
    List<Var> locals = new ArrayList<>();
    for (int i = 0; i < equation.inputs().size(); i++) {
      TensorSharding sharding = plan.of(equation.outputs().get(i));
      locals.add(in(placedOf(equation.inputs().get(i)), sharding).local());
    }
    List<Var> results = builder.emit(equation.op(), locals, List.of(), equation.source());
    for (int i = 0; i < results.size(); i++) {
      Var output = equation.outputs().get(i);
      placed.put(output, new Placed(results.get(i), plan.of(output)));
    }
  }

  private void byRule(Equation equation) {
    OpRule rule = ShardingRules.of(equation);
    Optional<Partial> carried = carried(equation);
    if (carried.isEmpty()) {
      equation.inputs().forEach(this::settle);
    }
    List<Placed> operands = equation.inputs().stream().map(this::placedOf).toList();
    List<TensorSharding> wanted = wanted(equation);
    List<String> reserved = carried.map(Partial::axes).orElse(List.of());
    List<TensorType> types = equation.outputs().stream().map(Var::type).toList();
    FactorCuts cuts = FactorCuts.choose(rule, mesh, operands, wanted, types, reserved);
    List<Placed> used = new ArrayList<>();
    for (int i = 0; i < operands.size(); i++) {
      boolean isFactor = isScaledLate(equation) && operands.get(i).partial().isEmpty();
      used.add(operandIn(operands.get(i), cuts.operand(i), isFactor ? Optional.empty() : carried));
    }
    List<Var> locals = used.stream().map(Placed::local).toList();
    List<Var> results = localOps.emit(equation, locals, cuts);
    broadcasts.remember(equation, used, results);
    if (isZero(equation)) {
      zeros.add(equation.output());
    }
    Optional<Partial> partial = partial(cuts, carried);
    for (int i = 0; i < results.size(); i++) {
      deliver(equation.outputs().get(i), new Placed(results.get(i), cuts.result(i), partial));
    }
  }

  private boolean isZero(Equation equation) {
    return switch (equation.op()) {
      case SourceOp.Constant(Literal value) -> value.isSplat() && value.get(0) == 0;
      case ShapeOp.BroadcastInDim _ -> zeros.contains(equation.inputs().getFirst());
      default -> false;
    };
  }

  /// The planned shardings of the results. An iota counts along blocks only.
  private List<TensorSharding> wanted(Equation equation) {
    return equation.outputs().stream()
        .map(plan::of)
        .map(sharding ->
            equation.op() instanceof SourceOp.Iota iota && !sharding.dim(iota.dim()).isBlocks()
                ? sharding.with(iota.dim(), DimSharding.whole(sharding.dim(iota.dim()).size()))
                : sharding)
        .toList();
  }

  /// The sum that the operands are partial in, if the op may be done before it is taken. A scalar
  /// that is whole joins scalars that are partial: so a norm over many tensors is reduced once.
  private Optional<Partial> carried(Equation equation) {
    List<Partial> partials =
        equation.inputs().stream().flatMap(var -> placedOf(var).partial().stream()).toList();
    boolean sums = partials.stream().allMatch(partial -> partial.kind() == ReduceOp.Kind.SUM);
    boolean passes =
        Uses.passesPartial(equation)
            || (LateSums.widens(equation) && plan.isReducedLate(equation.output()));
    if (isScaledLate(equation) && partials.size() == 1 && sums) {
      return Optional.of(partials.getFirst());
    }
    if (partials.isEmpty() || !sums || !passes) {
      return Optional.empty();
    }
    List<String> axes = partials.stream().flatMap(partial -> partial.axes().stream()).toList();
    Partial all = new Partial(mesh.inOrder(axes), ReduceOp.Kind.SUM);
    boolean alike =
        partials.size() == equation.inputs().size()
            && partials.stream().allMatch(partial -> partial.axes().equals(all.axes()));
    boolean scalar = equation.output().type().shape().rank() == 0;
    return alike || scalar ? Optional.of(all) : Optional.empty();
  }

  /// A product of a late sum and a value that is none.
  private boolean isScaledLate(Equation equation) {
    return equation.op() == BinaryOp.MULTIPLY
        && plan.isReducedLate(equation.output())
        && equation.inputs().stream().anyMatch(plan::isReducedLate);
  }

  private static Optional<Partial> partial(FactorCuts cuts, Optional<Partial> carried) {
    List<String> axes = new ArrayList<>(carried.map(Partial::axes).orElse(List.of()));
    axes.addAll(cuts.foldedAxes());
    if (axes.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new Partial(axes, cuts.fold().orElse(ReduceOp.Kind.SUM)));
  }

  /// An operand for a computation; one that stays partial is only cut, never sent.
  private Placed operandIn(Placed value, TensorSharding sharding, Optional<Partial> carried) {
    if (carried.isEmpty()) {
      return in(value, sharding);
    }
    List<String> has = value.partial().map(Partial::axes).orElse(List.of());
    List<String> lacks = carried.get().axes().stream().filter(axis -> !has.contains(axis)).toList();
    Var summand = lacks.isEmpty() ? value.local() : emitter.onFirst(value.local(), lacks);
    return in(new Placed(summand, value.sharding()), sharding);
  }

  /// Records a result in the form that is planned, or partial where that may wait.
  void deliver(Var var, Placed value) {
    boolean waits = free.contains(var) || uses.mayWait(var);
    boolean stays = value.partial().isPresent() && waits;
    placed.put(var, stays || free.contains(var) ? value : result(var, value, plan.of(var)));
  }

  /// Records a result in the form that is planned; a late sum may stay one, and what a region gives
  /// back in any form stays as it is.
  void give(Var var, Placed value) {
    placed.put(var, free.contains(var) ? value : result(var, value, plan.of(var)));
  }

  /// Reduces a value that is partial yet.
  private void settle(Var var) {
    Placed value = placedOf(var);
    if (value.partial().isPresent()) {
      placed.put(var, in(value, plan.of(var)));
    }
  }

  // What control flow needs of its surroundings.

  /// How a value of the global graph was placed.
  Placed placedOf(Var var) {
    Placed value = placed.get(var);
    if (value == null) {
      throw new IllegalStateException("value " + var + " is used before it is placed");
    }
    return value;
  }

  /// `value` in another sharding, made once.
  Placed in(Placed value, TensorSharding sharding) {
    asked.computeIfAbsent(value.local(), _ -> new LinkedHashSet<>()).add(sharding);
    Map<TensorSharding, Placed> known =
        reached.computeIfAbsent(value.local(), _ -> new HashMap<>());
    Placed there = known.get(sharding);
    if (there == null) {
      there =
          broadcasts
              .again(value, sharding, this::in)
              .orElseGet(() -> resharding.apply(value, sharding));
      known.put(sharding, there);
    }
    return there;
  }

  /// True for a value that is known to be zero everywhere.
  boolean isZero(Var var) {
    return zeros.contains(var);
  }

  void place(Var var, Placed value) {
    placed.put(var, value);
  }

  /// Partitions the equations of a region in place, on operands as they are.
  void inline(Equation equation, Graph region) {
    for (int i = 0; i < region.inputs().size(); i++) {
      settle(equation.inputs().get(i));
      placed.put(region.inputs().get(i), placedOf(equation.inputs().get(i)));
    }
    uses.add(region);
    region.equations().forEach(inner -> partition(inner));
    for (int i = 0; i < region.outputs().size(); i++) {
      settle(region.outputs().get(i));
      placed.put(equation.outputs().get(i), placedOf(region.outputs().get(i)));
    }
  }

  ShardingPlan plan() {
    return plan;
  }

  Emitter emitter() {
    return emitter;
  }

  boolean inComposite() {
    return inComposite;
  }
}
