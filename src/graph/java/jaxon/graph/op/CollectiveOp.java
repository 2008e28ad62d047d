package jaxon.graph.op;

import java.util.List;

/// Operations in which the devices of a group take part together; all of them run the same program.
///
/// They stand in per-device graphs only: types are those of one device's part. Sums add in the
/// order of the places in the group, so that every device gets the same bits; sums of bfloat16 are
/// accumulated in float32 and rounded once.
public sealed interface CollectiveOp extends Op {
  /// The devices that take part.
  AxisGroup group();

  /// Every device gets the fold of all operands.
  record AllReduce(ReduceOp.Kind kind, AxisGroup group) implements CollectiveOp {
    @Override
    public String opName() {
      return "stablehlo.all_reduce";
    }
  }

  /// Every device gets all operands one after the other along `dim`, in the order of the group.
  record AllGather(int dim, AxisGroup group) implements CollectiveOp {
    @Override
    public String opName() {
      return "stablehlo.all_gather";
    }
  }

  /// The device at place `i` gets piece `i` along `dim` of the fold of all operands.
  record ReduceScatter(ReduceOp.Kind kind, int dim, AxisGroup group) implements CollectiveOp {
    @Override
    public String opName() {
      return "stablehlo.reduce_scatter";
    }
  }

  /// Cuts the operand along `splitDim` and sends piece `i` to place `i`; what arrives is put one
  /// after the other along `concatDim`, in the order of the senders.
  record AllToAll(int splitDim, int concatDim, AxisGroup group) implements CollectiveOp {
    @Override
    public String opName() {
      return "stablehlo.all_to_all";
    }
  }

  /// Sends operands from place to place of the group; a device that nothing is sent to gets zeros.
  record CollectivePermute(AxisGroup group, List<SourceTarget> pairs) implements CollectiveOp {
    public CollectivePermute {
      pairs = List.copyOf(pairs);
    }

    @Override
    public String opName() {
      return "stablehlo.collective_permute";
    }
  }

  /// Every device gets the operand of the one at place `root`.
  record CollectiveBroadcast(AxisGroup group, int root) implements CollectiveOp {
    @Override
    public String opName() {
      return "stablehlo.collective_broadcast";
    }
  }

  /// This device's place in its group (`i32[]`); no operands, nothing is sent.
  record AxisIndex(AxisGroup group) implements CollectiveOp {
    @Override
    public String opName() {
      return "jaxon.axis_index";
    }
  }

  /// One transfer of [CollectivePermute], by places in the group.
  record SourceTarget(int source, int target) {}
}
