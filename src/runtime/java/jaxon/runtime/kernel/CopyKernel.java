package jaxon.runtime.kernel;

import java.util.List;
import jaxon.runtime.host.WorkerPool;
import jaxon.runtime.program.Kernel;
import jaxon.runtime.program.Linkage;
import jaxon.runtime.program.Tensor;
import jaxon.runtime.program.View;

/// A [StridedCopy] between two tensors, spread over threads.
public final class CopyKernel implements Kernel, WorkerPool.Task {
  private final StridedCopy copy;
  private final Tensor source;
  private final Tensor target;
  private final WorkerPool workers;
  private final Cut cut;

  /// Addresses of the copy that runs; written before the tasks are dealt out.
  private long from;

  private long to;

  private CopyKernel(StridedCopy copy, Tensor source, Tensor target, WorkerPool workers) {
    this.copy = copy;
    this.source = source;
    this.target = target;
    this.workers = workers;
    this.cut = Cut.of(copy.units(), 2 * copy.bytes());
  }

  /// The copy of `source` to `target`, views of one shape and dtype.
  public static CopyKernel link(Linkage linkage, View source, View target) {
    return new CopyKernel(
        StridedCopy.of(source, target),
        linkage.tensor(source),
        linkage.tensor(target),
        linkage.workers());
  }

  /// The kernel that sets every element of `target` to the scalar `value`.
  public static CopyKernel fill(Linkage linkage, View value, View target) {
    return link(linkage, value.broadcast(target.shape(), List.of()), target);
  }

  @Override
  public void run() {
    run(0L, 0L);
  }

  /// Copies with both sides moved by some bytes.
  public void run(long sourceOffset, long targetOffset) {
    from = source.address() + sourceOffset;
    to = target.address() + targetOffset;
    workers.run(cut.tasks(), this);
  }

  @Override
  public void run(int index, int worker) {
    copy.run(from, to, cut.from(index), cut.to(index));
  }
}
