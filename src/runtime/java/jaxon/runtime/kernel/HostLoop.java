package jaxon.runtime.kernel;

import java.util.List;
import jaxon.runtime.host.WorkerPool;
import jaxon.runtime.program.Kernel;
import jaxon.runtime.program.Tensor;

/// Runs an elementwise host kernel over strided tensors in chunks that fit the first-level cache.
///
/// Each chunk is a piece of the innermost dim; the kernel stages it through Java arrays, whose
/// loops the JIT compiler vectorizes.
public final class HostLoop implements Kernel, WorkerPool.Task {
  private final Tensor[] tensors;
  private final WorkerPool workers;
  private final ChunkKernel kernel;
  private final long[] byteStrides;
  private final long[] innerStrides;
  private final long[] dims;
  private final long chunksPerRow;
  private final Cut cut;

  /// A loop over `tensors`, which are in the order of the walk's views.
  public HostLoop(Walk walk, List<Tensor> tensors, WorkerPool workers, ChunkKernel kernel) {
    this.tensors = tensors.toArray(Tensor[]::new);
    this.workers = workers;
    this.kernel = kernel;
    this.dims = walk.dims().stream().mapToLong(Long::longValue).toArray();
    this.byteStrides = new long[tensors.size() * dims.length];
    this.innerStrides = new long[tensors.size()];
    for (int t = 0; t < tensors.size(); t++) {
      int width = tensors.get(t).dtype().bytes();
      for (int d = 0; d < dims.length; d++) {
        byteStrides[t * dims.length + d] = walk.strides().get(t).get(d) * width;
      }
      innerStrides[t] = walk.strides().get(t).getLast();
    }
    long inner = dims[dims.length - 1];
    long rows = 1;
    for (int i = 0; i < dims.length - 1; i++) {
      rows *= dims[i];
    }
    this.chunksPerRow = Math.ceilDiv(inner, (long) Lanes.CHUNK);
    this.cut = Cut.of(rows * chunksPerRow, rows * inner * 4 * tensors.size());
  }

  /// Computes one chunk.
  @FunctionalInterface
  public interface ChunkKernel {
    /// Computes `count` elements.
    ///
    /// @param addresses of the chunk's first element in each tensor
    /// @param strides in elements, of the innermost dim in each tensor
    void run(Lanes lanes, long[] addresses, long[] strides, int count);
  }

  @Override
  public void run() {
    workers.run(cut.tasks(), this);
  }

  @Override
  public void run(int index, int worker) {
    int last = dims.length - 1;
    Lanes lanes = Lanes.ofThread();
    long[] addresses = lanes.addresses();
    long to = cut.to(index);
    for (long chunk = cut.from(index); chunk < to; chunk++) {
      long start = chunk % chunksPerRow * Lanes.CHUNK;
      locate(chunk / chunksPerRow, start, addresses);
      kernel.run(lanes, addresses, innerStrides, (int) Math.min(Lanes.CHUNK, dims[last] - start));
    }
  }

  private void locate(long row, long start, long[] addresses) {
    int last = dims.length - 1;
    for (int t = 0; t < tensors.length; t++) {
      addresses[t] = tensors[t].address() + start * byteStrides[t * dims.length + last];
    }
    long rest = row;
    for (int d = last - 1; d >= 0; d--) {
      long index = rest % dims[d];
      rest /= dims[d];
      for (int t = 0; t < tensors.length; t++) {
        addresses[t] += index * byteStrides[t * dims.length + d];
      }
    }
  }
}
