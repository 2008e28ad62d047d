package jaxon.runtime.cpu.dnnl;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import jaxon.runtime.host.WorkerPool;

/// A matrix product on all threads of a pool.
///
/// It is cut into tiles, on which its results do not depend (see [Tiling]). Running allocates
/// nothing. One thread at a time may run it.
public final class Matmul implements AutoCloseable {
  private final MatmulSpec spec;
  private final Tiling tiling;
  private final long rowTiles;
  private final long columnTiles;

  /// Products of a whole tile, of one at the lower edge, at the right edge, and at both.
  private final BlockProduct[] products;

  private final long[] aBatch;
  private final long[] bBatch;
  private final long[] cBatch;
  private final WorkerPool.Task task = this::tile;
  private long aAddress;
  private long bAddress;
  private long cAddress;

  private Matmul(MatmulSpec spec, Tiling tiling, BlockProduct[] products) {
    this.spec = spec;
    this.tiling = tiling;
    this.products = products;
    rowTiles = Math.ceilDiv(spec.m(), Math.max(1, tiling.rows()));
    columnTiles = Math.ceilDiv(spec.n(), Math.max(1, tiling.columns()));
    aBatch = offsets(spec.batch(), spec.a(), BatchDim::a);
    bBatch = offsets(spec.batch(), spec.b(), BatchDim::b);
    cBatch = offsets(spec.batch(), spec.c(), BatchDim::c);
  }

  /// Prepares a product for pools of up to `workers` threads.
  public static Matmul prepare(Dnnl dnnl, MatmulSpec spec, int workers) {
    return prepare(dnnl, spec, workers, Tiling.of(spec, workers));
  }

  static Matmul prepare(Dnnl dnnl, MatmulSpec spec, int workers, Tiling tiling) {
    List<BlockProduct> products = new ArrayList<>();
    for (boolean lastRow : new boolean[] {false, true}) {
      for (boolean lastColumn : new boolean[] {false, true}) {
        long rows = extent(spec.m(), tiling.rows(), lastRow);
        long columns = extent(spec.n(), tiling.columns(), lastColumn);
        products.add(BlockProduct.prepare(dnnl, spec.tile(rows, columns), workers));
      }
    }
    return new Matmul(spec, tiling, products.toArray(BlockProduct[]::new));
  }

  private static long extent(long size, long tile, boolean isLast) {
    if (size <= tile) {
      return size;
    }
    return isLast && size % tile != 0 ? size % tile : tile;
  }

  private interface BatchStride {
    long of(BatchDim dim);
  }

  private static long[] offsets(List<BatchDim> batch, MatrixLayout layout, BatchStride stride) {
    long count = batch.stream().mapToLong(BatchDim::size).reduce(1, Math::multiplyExact);
    long[] offsets = new long[Math.toIntExact(count)];
    for (int i = 0; i < offsets.length; i++) {
      long rest = i;
      for (int dim = batch.size() - 1; dim >= 0; dim--) {
        BatchDim size = batch.get(dim);
        offsets[i] += rest % size.size() * stride.of(size) * layout.dtype().bytes();
        rest /= size.size();
      }
    }
    return offsets;
  }

  /// Multiplies the matrices at the given addresses.
  public void run(long a, long b, long c, WorkerPool pool) {
    aAddress = a;
    bAddress = b;
    cAddress = c;
    pool.run(Math.toIntExact(cBatch.length * rowTiles * columnTiles), task);
  }

  private void tile(int index, int worker) {
    long column = index % columnTiles;
    long row = index / columnTiles % rowTiles;
    int batch = (int) (index / columnTiles / rowTiles);
    long top = row * tiling.rows();
    long left = column * tiling.columns();
    int kind = (row == rowTiles - 1 ? 2 : 0) + (column == columnTiles - 1 ? 1 : 0);
    products[kind].run(
        worker,
        aAddress + aBatch[batch] + spec.a().offset(top, 0),
        bAddress + bBatch[batch] + spec.b().offset(0, left),
        cAddress + cBatch[batch] + spec.c().offset(top, left));
  }

  /// What is computed.
  public MatmulSpec spec() {
    return spec;
  }

  /// Floating-point operations of a run.
  public long flops() {
    return spec.flops();
  }

  /// Bytes that a run must move at least.
  public long bytes() {
    return spec.bytes();
  }

  /// Bytes of its own that each thread needs for a run.
  public long workerBytes() {
    return Arrays.stream(products).mapToLong(BlockProduct::workerBytes).max().orElse(0);
  }

  /// The name of the kernel, for reports.
  public String implementation() {
    return products[0].implementation();
  }

  /// Frees the memory of all workers; no run may be under way.
  @Override
  public void close() {
    for (BlockProduct product : products) {
      product.close();
    }
  }
}
