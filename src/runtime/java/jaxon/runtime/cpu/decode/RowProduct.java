package jaxon.runtime.cpu.decode;

import static jaxon.runtime.host.HostMemory.ALL;

import jaxon.graph.type.Bf16;
import jaxon.graph.type.DType;
import jaxon.runtime.cpu.tile.Lanes;
import jaxon.runtime.host.HostMemory;
import jaxon.runtime.host.WorkerPool;
import jaxon.runtime.lower.BatchedProduct;
import jaxon.runtime.lower.MatrixOperand;
import jdk.incubator.vector.FloatVector;

/// The product of a few rows with a matrix of weights, which is read once and never copied.
///
/// Sums are kept in float32. Each is added up in an order that neither the number of rows nor that
/// of threads changes. A task is a range of columns.
public final class RowProduct implements WorkerPool.Task {
  /// Above this number of rows a blocked product is faster.
  public static final int MOST_ROWS = 8;

  /// Below this number of weights a blocked product is as fast.
  private static final long LEAST_WEIGHTS = 1 << 14;

  /// Columns of one task at most: sums that fit the first-level cache.
  private static final int MOST_COLUMNS = 2048;

  /// Columns of one task at least.
  private static final int LEAST_COLUMNS = 64;

  private final int rows;
  private final int contracted;
  private final long columns;
  private final DType operand;
  private final DType result;
  private final long rowStep;
  private final long elementStep;
  private final boolean sumsAlongRows;
  private final long weightStep;
  private final int tile;
  private final long workerBytes;

  private long left;
  private long weights;
  private long target;
  private long scratch;

  private RowProduct(MatrixOperand few, MatrixOperand many, DType result, int threads) {
    rows = Math.toIntExact(few.free());
    contracted = Math.toIntExact(few.contracting());
    columns = many.free();
    operand = many.view().dtype();
    this.result = result;
    rowStep = (few.contractingIsInner() ? few.stride() : 1) * operand.bytes();
    elementStep = (few.contractingIsInner() ? 1 : few.stride()) * operand.bytes();
    sumsAlongRows = many.contractingIsInner();
    weightStep = many.stride() * operand.bytes();
    long share = Math.ceilDiv(columns, threads);
    int wanted = Math.clamp(share, LEAST_COLUMNS, MOST_COLUMNS);
    tile = Math.ceilDiv(wanted, WeightRows.PAIRS) * WeightRows.PAIRS;
    // The rows in float32, then the sums of a tile.
    long floats = (long) rows * (Lanes.padded(contracted) + tile);
    workerBytes = floats * Float.BYTES;
  }

  /// Whether this is for `product` with results of type `result`.
  public static boolean fits(BatchedProduct product, DType result) {
    MatrixOperand few = few(product);
    MatrixOperand many = many(product);
    DType type = many.view().dtype();
    boolean types =
        (type == DType.BF16 || type == DType.F32)
            && few.view().dtype() == type
            && (result == DType.F32 || result == type);
    return types
        && product.batch().elements() == 1
        && (!isSwapped(product) || few.free() == 1)
        && few.free() <= MOST_ROWS
        && many.free() * many.contracting() >= LEAST_WEIGHTS
        && many.contracting() <= Integer.MAX_VALUE / Float.BYTES;
  }

  /// Prepares `product`, which must fit.
  public static RowProduct of(BatchedProduct product, DType result, int threads) {
    return new RowProduct(few(product), many(product), result, threads);
  }

  /// Whether the weights are the left operand.
  public static boolean isSwapped(BatchedProduct product) {
    return product.b().free() < product.a().free();
  }

  private static MatrixOperand few(BatchedProduct product) {
    return isSwapped(product) ? product.b() : product.a();
  }

  private static MatrixOperand many(BatchedProduct product) {
    return isSwapped(product) ? product.a() : product.b();
  }

  /// Bytes of scratch memory that a run needs of each thread.
  public long workerBytes() {
    return workerBytes;
  }

  /// Multiplies.
  ///
  /// @param left address of the rows
  /// @param weights address of the weights
  /// @param target address of the results, dense
  /// @param scratch address of [#workerBytes] bytes for each worker
  public void run(long left, long weights, long target, long scratch, WorkerPool pool) {
    this.left = left;
    this.weights = weights;
    this.target = target;
    this.scratch = scratch;
    pool.run(Math.toIntExact(Math.ceilDiv(columns, tile)), this);
  }

  @Override
  public void run(int index, int worker) {
    long x = scratch + worker * workerBytes;
    long sums = x + (long) rows * Lanes.padded(contracted) * Float.BYTES;
    long from = (long) index * tile;
    int count = (int) Math.min(tile, columns - from);
    for (int row = 0; row < rows; row++) {
      widen(left + row * rowStep, x + (long) row * Lanes.padded(contracted) * Float.BYTES);
    }
    if (sumsAlongRows) {
      dots(x, sums, from, count);
    } else {
      sums(x, sums, from, count);
    }
    for (int row = 0; row < rows; row++) {
      long to = target + (row * columns + from) * result.bytes();
      write(sums + (long) row * tile * Float.BYTES, to, count);
    }
  }

  private void widen(long from, long to) {
    for (int k = 0; k < contracted; k++) {
      ALL.set(HostMemory.FLOAT, to + (long) k * Float.BYTES, element(from + k * elementStep));
    }
    for (int k = contracted; k < Lanes.padded(contracted); k++) {
      ALL.set(HostMemory.FLOAT, to + (long) k * Float.BYTES, 0);
    }
  }

  private float element(long address) {
    return operand == DType.BF16
        ? Bf16.toFloat(ALL.get(HostMemory.SHORT, address))
        : ALL.get(HostMemory.FLOAT, address);
  }

  /// Weights whose rows lie along the columns of the result: several rows of them at a time are
  /// added to all sums of the tile.
  private void sums(long x, long sums, long from, int count) {
    FloatVector zero = FloatVector.zero(Lanes.F32);
    for (long at = 0; at < (long) rows * tile; at += Lanes.COUNT) {
      Lanes.store(zero, sums + at * Float.BYTES);
    }
    int vectors = wholeColumns(count);
    int block = operand == DType.BF16 ? WeightRows.BF16_BLOCK : WeightRows.FLOAT_BLOCK;
    int k = 0;
    for (; k + block <= contracted; k += block) {
      long some = weights + k * weightStep + from * operand.bytes();
      for (int row = 0; row < rows; row++) {
        long at = x + ((long) row * Lanes.padded(contracted) + k) * Float.BYTES;
        long sum = sums + (long) row * tile * Float.BYTES;
        if (operand == DType.BF16) {
          WeightRows.addBf16(at, some, weightStep, sum, vectors);
        } else {
          WeightRows.addFloats(at, some, weightStep, sum, vectors);
        }
        columns(at, block, some, sum, vectors, count);
      }
    }
    if (k < contracted) {
      long some = weights + k * weightStep + from * operand.bytes();
      for (int row = 0; row < rows; row++) {
        long at = x + ((long) row * Lanes.padded(contracted) + k) * Float.BYTES;
        columns(at, contracted - k, some, sums + (long) row * tile * Float.BYTES, 0, count);
      }
    }
  }

  /// How many of `count` columns fill vectors.
  private int wholeColumns(int count) {
    int width = operand == DType.BF16 ? WeightRows.PAIRS : Lanes.COUNT;
    return count / width * width;
  }

  /// Whether sums of columns that fill vectors lie as [WeightRows#addBf16] has them.
  private boolean hasPairs() {
    return operand == DType.BF16 && !sumsAlongRows;
  }

  /// Adds some rows of weights to the sums of some columns, one by one.
  private void columns(long x, int block, long from, long sums, int first, int end) {
    int whole = wholeColumns(end);
    for (int n = first; n < end; n++) {
      long place = hasPairs() && n < whole ? WeightRows.place(n) : n;
      long at = sums + place * Float.BYTES;
      float sum = ALL.get(HostMemory.FLOAT, at);
      for (int k = 0; k < block; k++) {
        float weight = element(from + k * weightStep + (long) n * operand.bytes());
        sum = Math.fma(weight, ALL.get(HostMemory.FLOAT, x + (long) k * Float.BYTES), sum);
      }
      ALL.set(HostMemory.FLOAT, at, sum);
    }
  }

  /// Weights whose rows lie along the sums.
  private void dots(long x, long sums, long from, int count) {
    int vectors = contracted / Lanes.COUNT * Lanes.COUNT;
    for (int n = 0; n < count; n++) {
      long weight = weights + (from + n) * weightStep;
      for (int row = 0; row < rows; row++) {
        long at = x + (long) row * Lanes.padded(contracted) * Float.BYTES;
        float sum =
            operand == DType.BF16
                ? WeightRows.dotBf16(at, weight, vectors)
                : WeightRows.dotFloats(at, weight, vectors);
        for (int k = vectors; k < contracted; k++) {
          float factor = ALL.get(HostMemory.FLOAT, at + (long) k * Float.BYTES);
          sum = Math.fma(element(weight + (long) k * operand.bytes()), factor, sum);
        }
        ALL.set(HostMemory.FLOAT, sums + ((long) row * tile + n) * Float.BYTES, sum);
      }
    }
  }

  private void write(long sums, long to, int count) {
    int whole = hasPairs() ? wholeColumns(count) : 0;
    if (result == DType.BF16) {
      WeightRows.joinBf16(sums, to, whole);
    } else {
      for (int n = 0; n < whole; n++) {
        float sum = ALL.get(HostMemory.FLOAT, sums + (long) WeightRows.place(n) * Float.BYTES);
        ALL.set(HostMemory.FLOAT, to + (long) n * Float.BYTES, sum);
      }
    }
    for (int n = whole; n < count; n++) {
      float sum = ALL.get(HostMemory.FLOAT, sums + (long) n * Float.BYTES);
      if (result == DType.BF16) {
        ALL.set(HostMemory.SHORT, to + (long) n * Short.BYTES, Bf16.fromDouble(sum));
      } else {
        ALL.set(HostMemory.FLOAT, to + (long) n * Float.BYTES, sum);
      }
    }
  }
}
