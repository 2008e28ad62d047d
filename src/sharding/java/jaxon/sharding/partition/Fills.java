package jaxon.sharding.partition;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jaxon.graph.Equation;
import jaxon.graph.Var;
import jaxon.graph.op.ShapeOp;
import jaxon.sharding.TensorSharding;

/// Repeated scalars: wanted in another sharding they are made again, not sent.
final class Fills {
  private final Emitter emitter;
  private final Map<Var, Var> scalars = new HashMap<>();

  Fills(Emitter emitter) {
    this.emitter = emitter;
  }

  /// Takes note of a local equation if its result repeats a scalar.
  void remember(Equation equation, List<Var> operands, List<Var> results) {
    if (equation.op() instanceof ShapeOp.BroadcastInDim
        && operands.getFirst().type().shape().rank() == 0) {
      scalars.put(results.getFirst(), operands.getFirst());
    }
  }

  /// The value in another sharding, if it repeats a scalar.
  Optional<Placed> apply(Placed value, TensorSharding to) {
    Var scalar = scalars.get(value.local());
    if (scalar == null || value.partial().isPresent() || value.sharding().equals(to)) {
      return Optional.empty();
    }
    Var again = emitter.spread(scalar, to.localShape(emitter.mesh()));
    scalars.put(again, scalar);
    return Optional.of(new Placed(again, to));
  }
}
