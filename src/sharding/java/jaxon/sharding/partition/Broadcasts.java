package jaxon.sharding.partition;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import jaxon.graph.Equation;
import jaxon.graph.Var;
import jaxon.graph.op.ShapeOp.BroadcastInDim;
import jaxon.sharding.DimSharding;
import jaxon.sharding.TensorSharding;

/// Broadcast values: wanted in another sharding they are broadcast again, from an operand in that
/// sharding. What is repeated is never sent.
final class Broadcasts {
  private record Source(BroadcastInDim op, Placed operand) {}

  private final Emitter emitter;
  private final Map<Var, Source> sources = new HashMap<>();

  Broadcasts(Emitter emitter) {
    this.emitter = emitter;
  }

  /// Takes note of an equation if it is a broadcast.
  void remember(Equation equation, List<Placed> operands, List<Var> results) {
    boolean whole = operands.stream().allMatch(operand -> operand.partial().isEmpty());
    if (whole && equation.op() instanceof BroadcastInDim op) {
      sources.put(results.getFirst(), new Source(op, operands.getFirst()));
    }
  }

  /// The value in another sharding, if it is a broadcast.
  ///
  /// @param in brings the operand into a sharding
  Optional<Placed> again(
      Placed value, TensorSharding to, BiFunction<Placed, TensorSharding, Placed> in) {
    Source source = sources.get(value.local());
    if (source == null || value.sharding().equals(to)) {
      return Optional.empty();
    }
    List<DimSharding> dims = new ArrayList<>();
    for (int dim = 0; dim < source.op().dims().size(); dim++) {
      DimSharding has = source.operand().sharding().dim(dim);
      DimSharding wants = to.dim(source.op().dims().get(dim));
      dims.add(has.size() == wants.size() ? wants : has);
    }
    Placed operand = in.apply(source.operand(), new TensorSharding(dims));
    BroadcastInDim op = new BroadcastInDim(to.localShape(emitter.mesh()), source.op().dims());
    return Optional.of(new Placed(emitter.emit(op, operand.local()), to));
  }
}
