package jaxon.sharding.partition;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.Var;
import jaxon.graph.op.ControlOp;
import jaxon.graph.op.Op;
import jaxon.sharding.DimSharding;
import jaxon.sharding.MeshAxis;
import jaxon.sharding.TensorSharding;
import jaxon.sharding.propagate.ShardingPlan;

/// The ops with regions: operands in, a region of its own or in place, results out.
///
/// Loops keep one sharding for each carried value. Slices of stacked values stay cut as the stack
/// is and are gathered inside, so that a loop over layers has one layer's parameters whole at a
/// time.
final class ControlPartitioner {
  /// A hoisted input may be asked for in yet another form once it has the first.
  private static final int MAX_ROUNDS = 3;

  private final RegionPartitioner scope;
  private final ShardingPlan plan;

  ControlPartitioner(RegionPartitioner scope) {
    this.scope = scope;
    this.plan = scope.plan();
  }

  void partition(ControlOp op, Equation equation) {
    switch (op) {
      case ControlOp.Scan scan -> scan(scan, equation);
      case ControlOp.While _ -> whileLoop(equation);
      case ControlOp.Case _ -> caseOf(equation);
      case ControlOp.Composite composite ->
          new CompositePartitioner(scope).partition(composite, equation);
      case ControlOp.Remat _, ControlOp.CustomVjp _ ->
          scope.inline(equation, equation.regions().getFirst());
      case ControlOp.ShardMap map -> new ShardMapPartitioner(scope).partition(map, equation);
    }
  }

  private void scan(ControlOp.Scan op, Equation equation) {
    Graph body = equation.regions().getFirst();
    boolean overStages = plan.isOverStages(body) && !scope.inComposite();
    if (overStages && op.carries() > 0 && new PipelinePartitioner(scope).partition(op, equation)) {
      return;
    }
    int fixed = op.consts() + op.carries();
    List<TensorSharding> inputs = body.inputs().stream().map(plan::of).toList();
    List<Optional<TensorSharding>> outputs = new ArrayList<>();
    for (int i = 0; i < body.outputs().size(); i++) {
      outputs.add(
          Optional.of(
              i < op.carries() ? inputs.get(op.consts() + i) : plan.of(body.outputs().get(i))));
    }
    if (new SummingLoop(scope).partition(op, equation, inputs, outputs)) {
      return;
    }
    // A parameter must stay cut in a loop over micro-batches; a composite has what it has whole.
    Hoisted hoisted =
        hoisted(scope, body, inputs, outputs, i -> scope.inComposite() && i < op.consts());
    // Without anything carried, each stage runs its own part of the loop.
    boolean own = overStages && op.carries() == 0;
    DimSharding along = DimSharding.of(op.length(), own ? List.of(MeshAxis.STAGE) : List.of());
    long length = along.localSize(plan.mesh());
    List<TensorSharding> operands = new ArrayList<>(hoisted.inputs());
    for (int i = fixed; i < operands.size(); i++) {
      operands.set(i, operands.get(i).prepend(along));
    }
    ControlOp.Scan local = new ControlOp.Scan(length, op.consts(), op.carries(), op.reverse());
    List<Var> results =
        scope
            .emitter()
            .builder()
            .emit(
                local,
                in(equation, operands),
                List.of(hoisted.result().local()),
                equation.source());
    for (int i = 0; i < results.size(); i++) {
      Var global = equation.outputs().get(i);
      Placed inner = hoisted.result().outputs().get(i);
      TensorSharding outer = i < op.carries() ? inner.sharding() : inner.sharding().prepend(along);
      Placed value = new Placed(results.get(i), outer, inner.partial());
      scope.give(global, value);
    }
  }

  /// The operands of an equation in these shardings.
  private List<Var> in(Equation equation, List<TensorSharding> operands) {
    List<Var> locals = new ArrayList<>();
    for (int i = 0; i < operands.size(); i++) {
      locals.add(scope.in(scope.placedOf(equation.inputs().get(i)), operands.get(i)).local());
    }
    return locals;
  }

  private void whileLoop(Equation equation) {
    Graph condition = equation.regions().get(0);
    Graph body = equation.regions().get(1);
    List<TensorSharding> carry = body.inputs().stream().map(plan::of).toList();
    List<Optional<TensorSharding>> predicate =
        List.of(
            Optional.of(TensorSharding.replicated(condition.outputs().getFirst().type().shape())));
    List<Graph> regions =
        List.of(
            RegionPartitioner.run(plan, condition, carry, predicate, scope.inComposite()).local(),
            RegionPartitioner.run(
                    plan,
                    body,
                    carry,
                    carry.stream().map(Optional::of).toList(),
                    scope.inComposite())
                .local());
    emit(equation.op(), equation, carry, regions, carry);
  }

  private void caseOf(Equation equation) {
    List<TensorSharding> args =
        equation.regions().getFirst().inputs().stream().map(plan::of).toList();
    List<TensorSharding> results = equation.outputs().stream().map(plan::of).toList();
    List<Optional<TensorSharding>> wanted = results.stream().map(Optional::of).toList();
    List<Graph> branches = new ArrayList<>();
    for (Graph branch : equation.regions()) {
      branches.add(RegionPartitioner.run(plan, branch, args, wanted, scope.inComposite()).local());
    }
    List<TensorSharding> operands =
        new ArrayList<>(
            List.of(TensorSharding.replicated(equation.inputs().getFirst().type().shape())));
    operands.addAll(args);
    emit(equation.op(), equation, operands, branches, results);
  }

  private void emit(
      Op op,
      Equation equation,
      List<TensorSharding> operands,
      List<Graph> regions,
      List<TensorSharding> results) {
    List<Var> locals = in(equation, operands);
    List<Var> outputs = scope.emitter().builder().emit(op, locals, regions, equation.source());
    for (int i = 0; i < outputs.size(); i++) {
      Var global = equation.outputs().get(i);
      Placed value = new Placed(outputs.get(i), results.get(i));
      scope.place(global, scope.in(value, plan.of(global)));
    }
  }

  /// A partitioned region with the shardings that its inputs came to have.
  record Hoisted(RegionPartitioner.Result result, List<TensorSharding> inputs) {}

  /// Partitions a region; what all uses of an input inside want it to be, it is made outside, once.
  static Hoisted hoisted(
      RegionPartitioner scope,
      Graph region,
      List<TensorSharding> inputs,
      List<Optional<TensorSharding>> outputs,
      IntPredicate mayHoist) {
    return hoisted(scope.plan(), region, inputs, outputs, mayHoist, scope.inComposite());
  }

  static Hoisted hoisted(
      ShardingPlan plan,
      Graph region,
      List<TensorSharding> inputs,
      List<Optional<TensorSharding>> outputs,
      IntPredicate mayHoist,
      boolean inComposite) {
    List<TensorSharding> now = new ArrayList<>(inputs);
    RegionPartitioner.Result result =
        RegionPartitioner.run(plan, region, now, outputs, inComposite);
    for (int round = 0; round < MAX_ROUNDS; round++) {
      List<TensorSharding> next = new ArrayList<>(now);
      for (int i = 0; i < now.size(); i++) {
        Set<TensorSharding> asked = result.asked().get(i);
        if (mayHoist.test(i) && asked.size() == 1) {
          next.set(i, asked.iterator().next());
        }
      }
      if (next.equals(now)) {
        break;
      }
      now = next;
      result = RegionPartitioner.run(plan, region, now, outputs, inComposite);
    }
    return new Hoisted(result, Collections.unmodifiableList(now));
  }
}
