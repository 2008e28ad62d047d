package jaxon.sharding.partition;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.Var;
import jaxon.graph.op.ControlOp;
import jaxon.graph.op.SourceOp;
import jaxon.sharding.TensorSharding;
import jaxon.sharding.propagate.ShardingPlan;

/// Attention with its positions made operands, so that a device can be told which ones it has.
///
/// The composites take positions or count from 0. A device that has a part of the sequence cannot
/// count; but the counting is two iotas of the decomposition, which become its last two inputs:
/// positions of queries, positions of keys. The operands are then iotas outside, cut like tokens.
///
/// @param region the decomposition with two more inputs
/// @param positions those inputs
record LiftedPositions(Graph region, List<Var> positions) {
  private static final List<String> NAMES = List.of("jaxon.attention", "jaxon.attention_grad");

  /// The dim of queries that counts tokens.
  private static final int TOKENS = 1;

  /// For a composite that counts and whose queries or keys are cut along the sequence.
  static Optional<LiftedPositions> of(
      ControlOp.Composite op, Equation equation, ShardingPlan plan) {
    Graph region = equation.regions().getFirst();
    if (!NAMES.contains(op.name()) || region.inputs().stream().noneMatch(v -> isCut(v, plan))) {
      return Optional.empty();
    }
    List<Var> positions = new ArrayList<>();
    List<Equation> others = new ArrayList<>();
    for (Equation inner : region.equations()) {
      boolean counts =
          inner.op() instanceof SourceOp.Iota && inner.output().type().shape().rank() == 1;
      if (counts) {
        positions.add(inner.output());
      } else {
        others.add(inner);
      }
    }
    if (positions.size() != 2) {
      return Optional.empty();
    }
    List<Var> inputs = new ArrayList<>(region.inputs());
    inputs.addAll(positions);
    Graph lifted = new Graph(region.name(), inputs, others, region.outputs());
    return Optional.of(new LiftedPositions(lifted, positions));
  }

  private static boolean isCut(Var operand, ShardingPlan plan) {
    return operand.type().shape().rank() == 4 && !plan.of(operand).dim(TOKENS).isWhole();
  }

  /// A position operand as the program has it: counted, whole.
  static Placed counted(Var position, Emitter emitter) {
    Var whole = emitter.emit(new SourceOp.Iota(position.type(), 0));
    return new Placed(whole, TensorSharding.replicated(position.type().shape()));
  }
}
