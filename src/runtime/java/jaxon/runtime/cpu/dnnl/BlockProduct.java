package jaxon.runtime.cpu.dnnl;

/// A matrix product on the calling thread, for blocks inside other kernels.
///
/// One object serves several workers at a time: each passes its number, for which memory was set
/// aside when the product was prepared. Running allocates nothing.
public abstract sealed class BlockProduct implements AutoCloseable
    permits NativeProduct, JavaProduct {
  private static final long[] NONE = {};

  private final MatmulSpec spec;

  BlockProduct(MatmulSpec spec) {
    this.spec = spec;
  }

  /// Prepares a product without batch dims for workers `0` to below `workers`.
  ///
  /// It runs in plain Java if `dnnl` is not native or has no kernel for `spec`.
  public static BlockProduct prepare(Dnnl dnnl, MatmulSpec spec, int workers) {
    if (!spec.batch().isEmpty()) {
      throw new IllegalArgumentException(
          "a block product has no batch dims, got " + spec.batch() + "; use Matmul");
    }
    MatmulSpec byRows = spec.tile(spec.m(), spec.n()).rowMajor();
    boolean isSwapped = !spec.isRowMajor();
    if (dnnl.isNative() && spec.m() > 0 && spec.n() > 0 && spec.k() > 0) {
      try {
        MatmulPrimitive.Key key = new MatmulPrimitive.Key(byRows, false);
        return new NativeProduct(spec, isSwapped, dnnl.primitive(key), workers);
      } catch (UnsupportedOperationException e) {
        return new JavaProduct(spec, workers);
      }
    }
    return new JavaProduct(spec, workers);
  }

  /// What is computed.
  public final MatmulSpec spec() {
    return spec;
  }

  /// Multiplies the matrices at the given addresses; no two threads may pass the same `worker`.
  public final void run(int worker, long a, long b, long c) {
    run(worker, a, b, c, NONE);
  }

  /// The same, with the addresses of what post operations read.
  public abstract void run(int worker, long a, long b, long c, long[] operands);

  /// Bytes of its own that each thread needs for a run; it keeps them for the next product.
  public abstract long workerBytes();

  /// The name of the kernel, for reports.
  public abstract String implementation();

  /// Frees the memory of all workers; no run may be under way.
  @Override
  public abstract void close();
}
