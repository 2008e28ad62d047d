package jaxon.runtime.kernel;

import jaxon.runtime.host.WorkerPool;
import jaxon.runtime.program.Kernel;
import jaxon.runtime.program.Tensor;
import jaxon.runtime.program.View;

/// Folds the rows of a tensor: its last dim; the other dims may have any strides.
public final class Rows implements Kernel, WorkerPool.Task {
  private final Tensor source;
  private final Tensor result;
  private final WorkerPool workers;
  private final Fold fold;
  private final long columns;
  private final long stepBytes;
  private final long[] dims;
  private final long[] byteStrides;
  private final Cut cut;

  /// @param source at least one dim
  /// @param result dense, without the last dim
  public Rows(Tensor source, Tensor result, WorkerPool workers, Fold fold) {
    this.source = source;
    this.result = result;
    this.workers = workers;
    this.fold = fold;
    View view = source.view();
    int last = view.shape().rank() - 1;
    this.columns = view.dim(last);
    this.stepBytes = view.stride(last) * view.dtype().bytes();
    this.dims = new long[last];
    this.byteStrides = new long[last];
    for (int i = 0; i < last; i++) {
      dims[i] = view.dim(i);
      byteStrides[i] = view.stride(i) * view.dtype().bytes();
    }
    this.cut = Cut.of(result.view().elements(), view.type().bytes());
  }

  /// Folds a row.
  @FunctionalInterface
  public interface Fold {
    /// Folds the `columns` elements from `row` on, `stepBytes` apart, and puts the value at
    /// `target`.
    void run(long row, long stepBytes, long columns, long target);
  }

  @Override
  public void run() {
    workers.run(cut.tasks(), this);
  }

  @Override
  public void run(int index, int worker) {
    int width = result.dtype().bytes();
    long target = result.address();
    long end = cut.to(index);
    for (long row = cut.from(index); row < end; row++) {
      fold.run(address(row), stepBytes, columns, target + row * width);
    }
  }

  private long address(long row) {
    long address = source.address();
    long rest = row;
    for (int dim = dims.length - 1; dim >= 0; dim--) {
      address += rest % dims[dim] * byteStrides[dim];
      rest /= dims[dim];
    }
    return address;
  }
}
