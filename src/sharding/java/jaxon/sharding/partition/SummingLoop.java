package jaxon.sharding.partition;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.GraphBuilder;
import jaxon.graph.Var;
import jaxon.graph.op.BinaryOp;
import jaxon.graph.op.ControlOp;
import jaxon.sharding.TensorSharding;

/// A loop that adds to carried values which start as zeros: they stay partial until after the loop.
///
/// `c = 0; repeat { c = c + x }` with `x` a sum over devices yet: the devices add up their own, and
/// the sum over the devices is taken once instead of in each step.
final class SummingLoop {
  private final RegionPartitioner scope;

  SummingLoop(RegionPartitioner scope) {
    this.scope = scope;
  }

  /// Partitions the loop if it is one; false if not, and nothing is done.
  ///
  /// @param inputs the planned shardings of the body's inputs
  /// @param outputs the planned shardings of the body's outputs
  boolean partition(
      ControlOp.Scan op,
      Equation equation,
      List<TensorSharding> inputs,
      List<Optional<TensorSharding>> outputs) {
    Graph body = equation.regions().getFirst();
    List<LateSums.Sum> sums = sums(op, equation);
    if (sums.isEmpty()) {
      return false;
    }
    List<Optional<TensorSharding>> wanted = new ArrayList<>(outputs);
    if (scope.inComposite()) {
      sums.forEach(sum -> wanted.set(sum.carry(), Optional.empty()));
    }
    ControlPartitioner.Hoisted addends =
        ControlPartitioner.hoisted(
            scope,
            addends(body, sums),
            inputs,
            wanted,
            // A parameter must stay cut in a loop over micro-batches.
            i -> scope.inComposite() && i < op.consts());
    if (sums.stream().noneMatch(sum -> placed(addends, sum).partial().isPresent())) {
      return false;
    }
    List<TensorSharding> operands = new ArrayList<>(addends.inputs());
    for (LateSums.Sum sum : sums) {
      operands.set(op.consts() + sum.carry(), placed(addends, sum).sharding());
    }
    Graph local = summing(op, addends.result().local(), sums);
    List<Var> locals = new ArrayList<>();
    for (int i = 0; i < operands.size(); i++) {
      boolean stacked = i >= op.consts() + op.carries();
      TensorSharding to = stacked ? operands.get(i).prepend(op.length()) : operands.get(i);
      locals.add(scope.in(scope.placedOf(equation.inputs().get(i)), to).local());
    }
    List<Var> results =
        scope.emitter().builder().emit(op, locals, List.of(local), equation.source());
    for (int i = 0; i < results.size(); i++) {
      Placed inner = addends.result().outputs().get(i);
      TensorSharding outer =
          i < op.carries() ? inner.sharding() : inner.sharding().prepend(op.length());
      scope.deliver(equation.outputs().get(i), new Placed(results.get(i), outer, inner.partial()));
    }
    return true;
  }

  private static Placed placed(ControlPartitioner.Hoisted addends, LateSums.Sum sum) {
    return addends.result().outputs().get(sum.carry());
  }

  private List<LateSums.Sum> sums(ControlOp.Scan op, Equation equation) {
    return LateSums.sums(op, equation.regions().getFirst()).stream()
        .filter(sum -> scope.isZero(equation.inputs().get(op.consts() + sum.carry())))
        .filter(sum -> scope.inComposite() || scope.plan().isReducedLate(sum.addend()))
        .toList();
  }

  /// The body without the additions: it gives what is to be added.
  private static Graph addends(Graph body, List<LateSums.Sum> sums) {
    List<Equation> equations = new ArrayList<>(body.equations());
    List<Var> outputs = new ArrayList<>(body.outputs());
    for (LateSums.Sum sum : sums) {
      equations.remove(sum.add());
      outputs.set(sum.carry(), sum.addend());
    }
    return new Graph(body.name(), body.inputs(), equations, outputs);
  }

  /// The local body with the additions.
  private static Graph summing(ControlOp.Scan op, Graph addends, List<LateSums.Sum> sums) {
    GraphBuilder builder = new GraphBuilder();
    List<Var> args = new ArrayList<>();
    for (int i = 0; i < addends.inputs().size(); i++) {
      int carry = i - op.consts();
      boolean isSum = sums.stream().anyMatch(sum -> sum.carry() == carry);
      Var like = isSum ? addends.outputs().get(carry) : addends.inputs().get(i);
      args.add(builder.input(like.type()));
    }
    List<Var> outputs = new ArrayList<>(builder.inline(addends, args));
    for (LateSums.Sum sum : sums) {
      Var before = args.get(op.consts() + sum.carry());
      Var after = outputs.get(sum.carry());
      outputs.set(
          sum.carry(),
          builder
              .emit(BinaryOp.ADD, List.of(before, after), List.of(), sum.add().source())
              .getFirst());
    }
    return builder.build(addends.name(), outputs);
  }
}
