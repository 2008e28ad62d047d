package jaxon.runtime.cpu.tile;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import jaxon.runtime.cpu.dnnl.BlockProduct;
import jaxon.runtime.cpu.dnnl.Dnnl;
import jaxon.runtime.cpu.dnnl.MatmulSpec;
import jaxon.runtime.cpu.dnnl.MatrixLayout;

/// The matrix products of a kernel: one for each combination of sizes and layouts.
public final class Products implements AutoCloseable {
  private final Dnnl dnnl;
  private final int workers;
  private final SequencedMap<MatmulSpec, BlockProduct> bySpec = new LinkedHashMap<>();

  public Products(Dnnl dnnl, int workers) {
    this.dnnl = dnnl;
    this.workers = workers;
  }

  /// `c = a · b`, or `c += a · b` with `adds`.
  public BlockProduct of(
      long m, long n, long k, MatrixLayout a, MatrixLayout b, MatrixLayout c, boolean adds) {
    MatmulSpec once = MatmulSpec.of(m, n, k, a, b, c);
    return bySpec.computeIfAbsent(
        adds ? once.accumulating() : once, spec -> BlockProduct.prepare(dnnl, spec, workers));
  }

  /// Bytes of its own that each thread needs for any of them.
  public long workerBytes() {
    return bySpec.values().stream().mapToLong(BlockProduct::workerBytes).max().orElse(0);
  }

  @Override
  public void close() {
    bySpec.values().forEach(BlockProduct::close);
  }
}
