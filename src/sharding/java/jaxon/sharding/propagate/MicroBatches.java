package jaxon.sharding.propagate;

import java.util.Map;
import jaxon.graph.Graph;
import jaxon.graph.Var;
import jaxon.graph.op.ControlOp;
import jaxon.sharding.Mesh;
import jaxon.sharding.TensorSharding;

/// Which dims of a loop's values are made of the rows of a batch.
///
/// The micro-batches of a pipeline are cut like devices along one more axis, in time instead of
/// space. So the same rules that spread a cut of the batch over devices tell which dims of the
/// body's values go with the batch.
public final class MicroBatches {
  private MicroBatches() {}

  /// The values of a loop's body that are cut with a carried one, each with its cut.
  ///
  /// @param mesh has the axis that `cut` speaks of
  /// @param carried an input of the body
  public static Map<Var, TensorSharding> spread(
      ControlOp.Scan op, Graph body, Mesh mesh, Var carried, TensorSharding cut) {
    return PropagateShardings.inLoop(op, body, mesh, carried, cut);
  }
}
