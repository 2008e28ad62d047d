package jaxon.graph.trace;

import java.util.ArrayList;
import java.util.List;
import jaxon.graph.op.AxisGroup;
import jaxon.graph.op.CollectiveOp;
import jaxon.graph.op.CollectiveOp.SourceTarget;
import jaxon.graph.op.ReduceOp;
import jaxon.graph.type.DType;

/// What devices do together, for the functions of [Control#shardMap]: arrays are the blocks of one
/// device, and every device runs the same function.
///
/// In a group of one device nothing is to be done, and nothing is recorded.
public final class Collectives {
  private Collectives() {}

  /// The sum of all blocks, on every device.
  public static Array allReduce(Array x, AxisGroup group) {
    return group.size() == 1 ? x : emit(new CollectiveOp.AllReduce(ReduceOp.Kind.SUM, group), x);
  }

  /// All blocks one after the other along `dim`, on every device.
  public static Array allGather(Array x, int dim, AxisGroup group) {
    return group.size() == 1 ? x : emit(new CollectiveOp.AllGather(at(x, dim), group), x);
  }

  /// The device at place `i` gets piece `i` along `dim` of the sum of all blocks.
  public static Array reduceScatter(Array x, int dim, AxisGroup group) {
    return group.size() == 1
        ? x
        : emit(new CollectiveOp.ReduceScatter(ReduceOp.Kind.SUM, at(x, dim), group), x);
  }

  /// Piece `i` along `splitDim` goes to place `i`; what arrives is put one after the other along
  /// `concatDim`, in the order of the senders.
  public static Array allToAll(Array x, int splitDim, int concatDim, AxisGroup group) {
    return group.size() == 1
        ? x
        : emit(new CollectiveOp.AllToAll(at(x, splitDim), at(x, concatDim), group), x);
  }

  /// The block of the device before, in a ring of the group's devices.
  public static Array shift(Array x, AxisGroup group) {
    List<SourceTarget> pairs = new ArrayList<>();
    for (int place = 0; place < group.size(); place++) {
      pairs.add(new SourceTarget(place, (place + 1) % group.size()));
    }
    return group.size() == 1 ? x : emit(new CollectiveOp.CollectivePermute(group, pairs), x);
  }

  /// This device's place in the group, `i32[]`.
  public static Array place(AxisGroup group) {
    return group.size() == 1
        ? Ops.constant(DType.I32, 0)
        : Array.apply(new CollectiveOp.AxisIndex(group));
  }

  private static int at(Array x, int dim) {
    return x.shape().dimIndex(dim);
  }

  private static Array emit(CollectiveOp op, Array x) {
    return Array.apply(op, x);
  }
}
