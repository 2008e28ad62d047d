package jaxon.runtime.cpu.dnnl;

/// How a product is cut into tasks.
///
/// It depends on the shape alone, so that results do not depend on the number of threads. Of all
/// grids the one is taken that a simple model of time finds best for 2 to 16 threads together, the
/// fewer the more weight: small tiles share work evenly, large ones repeat less packing of
/// operands.
///
/// @param rows rows of a tile; the last tile may have fewer
/// @param columns columns of a tile; the last tile may have fewer
record Tiling(long rows, long columns) {
  private static final int[] THREADS = {2, 4, 8, 16};
  private static final double[] WEIGHTS = {16, 4, 1, 0.25};

  /// Most parts that one dim is cut into.
  private static final int PARTS = 32;

  /// Tiles of whole vectors and whole register blocks.
  private static final long ROW_GRAIN = 16;

  private static final long COLUMN_GRAIN = 32;

  /// What packing the right block costs, as rows of a product; measured with bf16.
  private static final double ROW_COST = 10;

  /// What reading the left block costs, as columns of a product; measured with bf16.
  private static final double COLUMN_COST = 12;

  /// The same when the left block has to be transposed.
  private static final double TRANSPOSED_COLUMN_COST = 18;

  /// Multiplications and additions that fit into the start of one task and of all threads.
  private static final double TASK_COST = 1.5e5;

  private static final double POOL_COST = 4e5;

  static Tiling of(MatmulSpec spec) {
    Tiling best = new Tiling(spec.m(), spec.n());
    double least = best.cost(spec);
    for (int i = 1; i <= PARTS; i++) {
      for (int j = 1; j <= PARTS; j++) {
        Tiling tiling = new Tiling(part(spec.m(), i, ROW_GRAIN), part(spec.n(), j, COLUMN_GRAIN));
        double cost = tiling.cost(spec);
        if (cost < least) {
          least = cost;
          best = tiling;
        }
      }
    }
    return best;
  }

  private static long part(long size, long parts, long grain) {
    return parts == 1
        ? size
        : Math.min(size, Math.ceilDiv(Math.ceilDiv(size, parts), grain) * grain);
  }

  /// Time in flops of one thread, times the number of threads, averaged over numbers of threads.
  private double cost(MatmulSpec spec) {
    if (spec.flops() == 0) {
      return 0;
    }
    boolean isTransposed = spec.a().canonical(spec.m(), spec.k()).columnStride() != 1;
    double columnCost = isTransposed ? TRANSPOSED_COLUMN_COST : COLUMN_COST;
    double packing = 1 + ROW_COST / rows + columnCost / columns;
    double tile = 2.0 * rows * columns * spec.k() * packing + TASK_COST;
    long tiles = spec.batches() * Math.ceilDiv(spec.m(), rows) * Math.ceilDiv(spec.n(), columns);
    double cost = 0;
    for (int i = 0; i < THREADS.length; i++) {
      double time = Math.ceilDiv(tiles, THREADS[i]) * tile + (tiles > 1 ? POOL_COST : 0);
      cost += WEIGHTS[i] * THREADS[i] * time;
    }
    return cost;
  }
}
