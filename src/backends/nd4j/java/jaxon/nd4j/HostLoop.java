package jaxon.nd4j;

import java.util.List;

/// Runs an elementwise host kernel over strided tensors in chunks that fit the first-level cache.
///
/// Each chunk is a piece of the innermost dim; the kernel stages it through Java arrays, whose
/// loops the JIT compiler vectorizes.
final class HostLoop implements Kernel {
  private final Walk walk;
  private final List<Tensor> tensors;
  private final Workers workers;
  private final ChunkKernel kernel;
  private final long[] byteStrides;
  private final long[] dims;

  /// A loop over `tensors`, which are in the order of the walk's views.
  HostLoop(Walk walk, List<Tensor> tensors, Workers workers, ChunkKernel kernel) {
    this.walk = walk;
    this.tensors = List.copyOf(tensors);
    this.workers = workers;
    this.kernel = kernel;
    this.dims = walk.dims().stream().mapToLong(Long::longValue).toArray();
    this.byteStrides = new long[tensors.size() * dims.length];
    for (int t = 0; t < tensors.size(); t++) {
      int width = tensors.get(t).dtype().bytes();
      for (int d = 0; d < dims.length; d++) {
        byteStrides[t * dims.length + d] = walk.strides().get(t).get(d) * width;
      }
    }
  }

  /// Computes one chunk.
  @FunctionalInterface
  interface ChunkKernel {
    /// Computes `count` elements.
    ///
    /// @param addresses of the chunk's first element in each tensor
    /// @param strides in elements, of the innermost dim in each tensor
    void run(Lanes lanes, long[] addresses, long[] strides, int count);
  }

  @Override
  public void run() {
    long inner = dims[dims.length - 1];
    long rows = 1;
    for (int i = 0; i < dims.length - 1; i++) {
      rows *= dims[i];
    }
    long chunksPerRow = Math.ceilDiv(inner, (long) Lanes.CHUNK);
    workers.split(
        rows * chunksPerRow,
        rows * inner * 4 * tensors.size(),
        (from, to) -> chunks(from, to, chunksPerRow));
  }

  private void chunks(long from, long to, long chunksPerRow) {
    int last = dims.length - 1;
    Lanes lanes = Lanes.ofThread();
    long[] addresses = new long[tensors.size()];
    long[] strides = new long[tensors.size()];
    for (int t = 0; t < strides.length; t++) {
      strides[t] = walk.strides().get(t).get(last);
    }
    for (long chunk = from; chunk < to; chunk++) {
      long start = chunk % chunksPerRow * Lanes.CHUNK;
      locate(chunk / chunksPerRow, start, addresses);
      kernel.run(lanes, addresses, strides, (int) Math.min(Lanes.CHUNK, dims[last] - start));
    }
  }

  private void locate(long row, long start, long[] addresses) {
    int last = dims.length - 1;
    for (int t = 0; t < addresses.length; t++) {
      addresses[t] = tensors.get(t).address() + start * byteStrides[t * dims.length + last];
    }
    long rest = row;
    for (int d = last - 1; d >= 0; d--) {
      long index = rest % dims[d];
      rest /= dims[d];
      for (int t = 0; t < addresses.length; t++) {
        addresses[t] += index * byteStrides[t * dims.length + d];
      }
    }
  }
}
