package jaxon.runtime.lower;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import jaxon.collective.Call;
import jaxon.collective.Communicator;
import jaxon.collective.Pending;
import jaxon.collective.Reduction;
import jaxon.graph.op.CollectiveOp;
import jaxon.graph.op.ReduceOp;
import jaxon.graph.type.DType;
import jaxon.runtime.host.HostMemory;
import jaxon.runtime.profile.KernelWork;
import jaxon.runtime.profile.Profiler;
import jaxon.runtime.program.Tensor;
import jaxon.runtime.program.Transfer;

/// A collective on memory of a program, by the device's communicator.
final class CollectiveTransfer implements Transfer {
  private static final System.Logger LOG = System.getLogger("jaxon.runtime");

  private final CollectiveOp op;
  private final Communicator communicator;
  private final Tensor operand;
  private final Tensor result;
  private final DType dtype;
  private final long operandElements;
  private final long resultElements;
  private final KernelWork work;
  private final Deque<Pending> started = new ArrayDeque<>();

  /// @param work what the profiler is told when it has ended
  CollectiveTransfer(
      CollectiveOp op, Communicator communicator, Tensor operand, Tensor result, KernelWork work) {
    this.work = work;
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
    communicator.run(call(operand.address(), result.address()));
  }

  @Override
  public void start() {
    start(operand.address(), result.address());
  }

  @Override
  public void start(long from, long to) {
    started.addLast(communicator.start(call(from, to)));
  }

  @Override
  public void finish() {
    Pending first = started.pollFirst();
    if (first == null) {
      return;
    }
    first.await();
    Profiler profiler = Profiler.recording();
    if (profiler != null) {
      profiler.recordTransfer(work, first.startNanos(), first.endNanos());
    }
  }

  @Override
  public void abandon() {
    for (Pending next = started.pollFirst(); next != null; next = started.pollFirst()) {
      try {
        next.await();
      } catch (RuntimeException | Error e) {
        // Whoever abandons has an error already; this one tells the same again.
        LOG.log(System.Logger.Level.DEBUG, "an abandoned collective", e);
      }
    }
  }

  private MemorySegment memory(long address, long elements) {
    return HostMemory.ALL.asSlice(address, elements * dtype.bytes());
  }

  private Call call(long operandAddress, long resultAddress) {
    return call(memory(operandAddress, operandElements), memory(resultAddress, resultElements));
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
