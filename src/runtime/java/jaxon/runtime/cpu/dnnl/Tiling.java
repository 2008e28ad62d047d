package jaxon.runtime.cpu.dnnl;

/// How a product is cut into tasks.
///
/// Of all grids the one is taken that a simple model of time finds best for the number of threads:
/// small tiles share work evenly, large ones repeat less packing of operands. The number of threads
/// may count here because results do not depend on tiles: oneDNN, as the products in Java, adds
/// over `k` in its order whatever the sizes of a tile, but for tiles of a single row or column,
/// which take another path and which this never makes of a larger matrix.
///
/// @param rows rows of a tile; the last tile may have fewer
/// @param columns columns of a tile; the last tile may have fewer
record Tiling(long rows, long columns) {
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

  static Tiling of(MatmulSpec spec, int threads) {
    Tiling best = new Tiling(spec.m(), spec.n());
    double least = best.cost(spec, threads);
    for (int i = 1; i <= PARTS; i++) {
      long rows = part(spec.m(), i, ROW_GRAIN);
      for (int j = 1; j <= PARTS && !leavesOne(spec.m(), rows); j++) {
        Tiling tiling = new Tiling(rows, part(spec.n(), j, COLUMN_GRAIN));
        double cost = tiling.cost(spec, threads);
        if (cost < least && !leavesOne(spec.n(), tiling.columns)) {
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

  /// Whether the last of several parts would be a single row or column.
  private static boolean leavesOne(long size, long part) {
    return part > 1 && part < size && size % part == 1;
  }

  /// Time on some threads, in flops of one.
  private double cost(MatmulSpec spec, int threads) {
    if (spec.flops() == 0) {
      return 0;
    }
    boolean isTransposed = spec.a().canonical(spec.m(), spec.k()).columnStride() != 1;
    double columnCost = isTransposed ? TRANSPOSED_COLUMN_COST : COLUMN_COST;
    double packing = 1 + ROW_COST / rows + columnCost / columns;
    double tile = 2.0 * rows * columns * spec.k() * packing + TASK_COST;
    long tiles = spec.batches() * Math.ceilDiv(spec.m(), rows) * Math.ceilDiv(spec.n(), columns);
    return Math.ceilDiv(tiles, (long) threads) * tile + (tiles > 1 ? POOL_COST : 0);
  }
}
