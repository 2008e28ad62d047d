package jaxon.runtime.cpu.dnnl;

/// How a product is cut into tasks.
///
/// It depends on the shape alone, so that results do not depend on the number of threads.
///
/// @param rows rows of a tile; the last tile may have fewer
/// @param columns columns of a tile; the last tile may have fewer
record Tiling(long rows, long columns) {
  private static final long TASKS = 16;
  private static final long GRAIN = 64;

  static Tiling of(MatmulSpec spec) {
    if (spec.batches() >= TASKS) {
      return new Tiling(spec.m(), spec.n());
    }
    if (spec.m() >= spec.n()) {
      return new Tiling(part(spec.m()), spec.n());
    }
    return new Tiling(spec.m(), part(spec.n()));
  }

  private static long part(long size) {
    long tasks = Math.max(1, Math.min(TASKS, size / GRAIN));
    long part = Math.ceilDiv(size, tasks);
    return Math.ceilDiv(part, GRAIN) * GRAIN;
  }
}
