package jaxon.runtime.kernel;

import jaxon.graph.op.IndexOp.GatherDims;
import jaxon.runtime.host.WorkerPool;
import jaxon.runtime.program.Kernel;
import jaxon.runtime.program.Linkage;
import jaxon.runtime.program.Tensor;
import jaxon.runtime.program.View;

/// Gathers windows: block copies, spread over threads.
public final class GatherKernel implements Kernel, WorkerPool.Task {
  private final Windows windows;
  private final Tensor operand;
  private final Tensor indices;
  private final Tensor result;
  private final WorkerPool workers;
  private final StridedCopy copy;
  private final Cut cut;

  private GatherKernel(
      Windows windows, Tensor operand, Tensor indices, Tensor result, WorkerPool workers) {
    this.windows = windows;
    this.operand = operand;
    this.indices = indices;
    this.result = result;
    this.workers = workers;
    this.copy = StridedCopy.of(windows.inOperand(), windows.inGathered());
    this.cut = Cut.of(windows.count(), 2 * result.view().type().bytes());
  }

  /// The gather from `operand` at the dense `indices` into `result`.
  public static GatherKernel link(
      Linkage linkage, GatherDims dims, View operand, View indices, View result) {
    return new GatherKernel(
        Windows.of(dims, operand, indices, result),
        linkage.tensor(operand),
        linkage.tensor(indices),
        linkage.tensor(result),
        linkage.workers());
  }

  @Override
  public void run() {
    workers.run(cut.tasks(), this);
  }

  @Override
  public void run(int index, int worker) {
    long from = operand.address();
    long to = result.address();
    long at = indices.address();
    int end = (int) cut.to(index);
    for (int i = (int) cut.from(index); i < end; i++) {
      copy.run(from + windows.clamped(i, at), to + windows.gatheredBytes(i));
    }
  }
}
