package jaxon.runtime.lower;

import java.lang.foreign.MemorySegment;
import java.util.List;
import jaxon.collective.Call;
import jaxon.collective.Communicator;
import jaxon.collective.Reduction;
import jaxon.graph.op.CollectiveOp;
import jaxon.graph.op.ReduceOp;
import jaxon.graph.type.DType;
import jaxon.runtime.host.HostMemory;
import jaxon.runtime.program.Kernel;
import jaxon.runtime.program.Tensor;

/// A collective with its place in a program; the thread of the device waits in it.
final class CollectiveKernel implements Kernel {
  private final CollectiveOp op;
  private final Communicator communicator;
  private final Tensor operand;
  private final Tensor result;
  private final DType dtype;
  private final long operandElements;
  private final long resultElements;

  CollectiveKernel(CollectiveOp op, Communicator communicator, Tensor operand, Tensor result) {
    this.op = op;
    this.communicator = communicator;
    this.operand = operand;
    this.result = result;
    dtype = operand.view().dtype();
    operandElements = operand.view().elements();
    resultElements = result.view().elements();
  }

  @Override
  public void run() {
    MemorySegment from = memory(operand, operandElements);
    MemorySegment to = memory(result, resultElements);
    communicator.run(call(from, to));
  }

  private MemorySegment memory(Tensor tensor, long elements) {
    return HostMemory.ALL.asSlice(tensor.address(), elements * dtype.bytes());
  }

  private Call call(MemorySegment from, MemorySegment to) {
    return switch (op) {
      case CollectiveOp.AllReduce reduce ->
          new Call.AllReduce(reduction(reduce.kind()), dtype, resultElements, from, to);
      case CollectiveOp.AllGather _ -> new Call.AllGather(dtype, operandElements, from, to);
      case CollectiveOp.ReduceScatter scatter ->
          new Call.ReduceScatter(reduction(scatter.kind()), dtype, resultElements, from, to);
      case CollectiveOp.AllToAll all ->
          new Call.AllToAll(dtype, operandElements / all.group().size(), from, to);
      case CollectiveOp.CollectivePermute permute ->
          new Call.CollectivePermute(dtype, operandElements, pairs(permute), from, to);
      case CollectiveOp.CollectiveBroadcast broadcast -> {
        to.copyFrom(from);
        yield new Call.CollectiveBroadcast(dtype, resultElements, broadcast.root(), to);
      }
      case CollectiveOp.AxisIndex _ -> throw new IllegalStateException("sends nothing");
    };
  }

  private static List<Call.CollectivePermute.Pair> pairs(CollectiveOp.CollectivePermute permute) {
    return permute.pairs().stream()
        .map(pair -> new Call.CollectivePermute.Pair(pair.source(), pair.target()))
        .toList();
  }

  private static Reduction reduction(ReduceOp.Kind kind) {
    return switch (kind) {
      case SUM -> Reduction.SUM;
      case PRODUCT -> Reduction.PRODUCT;
      case MAX -> Reduction.MAX;
      case MIN -> Reduction.MIN;
      case AND -> Reduction.MIN;
      case OR -> Reduction.MAX;
    };
  }
}
