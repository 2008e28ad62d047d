package jaxon.graph.interpret;

import jaxon.graph.op.AxisGroup;
import jaxon.graph.op.CollectiveOp;
import jaxon.graph.op.ControlOp;
import jaxon.graph.op.Op;

/// A graph for one device of a mesh was run alone.
///
/// The interpreter runs one device; operations between devices need all of them. Run such graphs
/// with the mesh interpreter of the sharding module, or partition the graph for a mesh of one
/// device.
public final class CollectiveOpException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private CollectiveOpException(String message) {
    super(message);
  }

  static CollectiveOpException alone(CollectiveOp op) {
    return alone(op, op.group());
  }

  static CollectiveOpException alone(ControlOp.ShardMap op) {
    return alone(op, op.devices());
  }

  private static CollectiveOpException alone(Op op, AxisGroup group) {
    return new CollectiveOpException(
        op.opName()
            + " over the mesh axes "
            + group
            + " needs "
            + group.size()
            + " devices; the interpreter runs one. Run the graph on a mesh.");
  }
}
