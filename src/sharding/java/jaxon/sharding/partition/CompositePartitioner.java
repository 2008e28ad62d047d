package jaxon.sharding.partition;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.GraphBuilder;
import jaxon.graph.Var;
import jaxon.graph.op.CollectiveOp;
import jaxon.graph.op.ControlOp;
import jaxon.sharding.DimSharding;
import jaxon.sharding.Mesh;
import jaxon.sharding.TensorSharding;
import jaxon.sharding.propagate.OrderFreeTokens;
import jaxon.sharding.propagate.ShardingPlan;

/// A composite stays one if its decomposition needs no communication: then each device runs the
/// backend's kernel on its part (of the batch, of the heads). Otherwise the partitioned
/// decomposition takes its place. Attention on a part of a sequence is told its positions
/// ([LiftedPositions]), takes all keys and needs no more.
final class CompositePartitioner {
  private final RegionPartitioner scope;
  private final ShardingPlan plan;

  CompositePartitioner(RegionPartitioner scope) {
    this.scope = scope;
    this.plan = scope.plan();
  }

  void partition(ControlOp.Composite op, Equation equation) {
    Optional<LiftedPositions> lifted = LiftedPositions.of(op, equation, plan);
    Graph region = lifted.map(LiftedPositions::region).orElse(equation.regions().getFirst());
    List<Placed> operands = new ArrayList<>();
    equation.inputs().forEach(input -> operands.add(scope.placedOf(input)));
    lifted.map(LiftedPositions::positions).orElse(List.of()).stream()
        .map(position -> LiftedPositions.counted(position, scope.emitter()))
        .forEach(operands::add);
    Tokens tokens = Tokens.of(equation, plan);
    List<TensorSharding> inputs = new ArrayList<>();
    for (int i = 0; i < region.inputs().size(); i++) {
      TensorSharding planned = plan.of(region.inputs().get(i));
      inputs.add(tokens.isOperand(i) ? tokens.inner(planned) : planned);
    }
    List<Optional<TensorSharding>> wanted = new ArrayList<>();
    for (int i = 0; i < region.outputs().size(); i++) {
      TensorSharding planned = plan.of(region.outputs().get(i));
      wanted.add(tokens.isResult(i) ? Optional.of(tokens.inner(planned)) : Optional.empty());
    }
    ControlPartitioner.Hoisted hoisted =
        ControlPartitioner.hoisted(plan, region, inputs, wanted, i -> !tokens.isOperand(i), true);
    List<Var> locals = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      TensorSharding inner = hoisted.inputs().get(i);
      TensorSharding outer = tokens.isOperand(i) ? tokens.outer(inner) : inner;
      locals.add(scope.in(operands.get(i), outer).local());
    }
    finish(op, equation, hoisted.result(), locals, tokens);
  }

  private void finish(
      ControlOp.Composite op,
      Equation equation,
      RegionPartitioner.Result region,
      List<Var> locals,
      Tokens tokens) {
    GraphBuilder builder = scope.emitter().builder();
    Graph local = region.local();
    List<Var> results =
        communicates(local)
            ? builder.inline(local, locals)
            : builder.emit(op, locals, List.of(local), equation.source());
    for (int i = 0; i < results.size(); i++) {
      Placed inner = region.outputs().get(i);
      TensorSharding outer = tokens.isResult(i) ? tokens.outer(inner.sharding()) : inner.sharding();
      Var global = equation.outputs().get(i);
      Placed value = new Placed(results.get(i), outer, inner.partial());
      scope.give(global, value);
    }
  }

  /// How a composite that takes tokens in any order sees them: `cut` outside, by tiles inside.
  private record Tokens(Optional<Long> tiles, DimSharding cut, Mesh mesh) {
    /// All operands must be cut alike, so that each token stays one token.
    static Tokens of(Equation equation, ShardingPlan plan) {
      Optional<Long> tiles = OrderFreeTokens.tiles(equation);
      DimSharding cut =
          tiles.map(_ -> plan.of(equation.inputs().getFirst()).dim(0)).orElse(DimSharding.whole(1));
      return new Tokens(tiles, cut, plan.mesh());
    }

    boolean isOperand(int index) {
      return tiles.isPresent() && OrderFreeTokens.isOperand(index);
    }

    boolean isResult(int index) {
      return tiles.isPresent() && OrderFreeTokens.isResult(index);
    }

    TensorSharding inner(TensorSharding any) {
      return OrderFreeTokens.inner(outer(any), tiles.orElseThrow(), mesh);
    }

    TensorSharding outer(TensorSharding any) {
      return any.with(0, cut);
    }
  }

  private static boolean communicates(Graph graph) {
    return graph.equations().stream()
        .anyMatch(equation ->
            equation.op() instanceof CollectiveOp
                || equation.regions().stream().anyMatch(CompositePartitioner::communicates));
  }
}
