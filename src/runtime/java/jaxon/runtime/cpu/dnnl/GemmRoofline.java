package jaxon.runtime.cpu.dnnl;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import jaxon.graph.type.DType;
import jaxon.runtime.host.WorkerPool;

/// The highest rate at which this machine multiplies matrices with all threads of a pool: what
/// utilization is measured against.
public final class GemmRoofline {
  private static final long[] SIZES = {1024, 1536, 2048};
  private static final long ALIGNMENT = 4096;

  private GemmRoofline() {}

  /// The best rate in floating-point operations per second over square products of 1024 to 2048.
  public static double measure(Dnnl dnnl, DType dtype, double seconds, WorkerPool pool) {
    return measure(dnnl, dtype, seconds, pool, List.of());
  }

  /// The same, over the square products and `more`, with about `seconds` in all.
  public static double measure(
      Dnnl dnnl, DType dtype, double seconds, WorkerPool pool, List<MatmulSpec> more) {
    if (!(seconds > 0)) {
      throw new IllegalArgumentException("seconds to measure must be > 0, got " + seconds);
    }
    List<MatmulSpec> specs = new ArrayList<>();
    for (long size : SIZES) {
      specs.add(MatmulSpec.dense(size, size, size, dtype, dtype));
    }
    specs.addAll(more);
    double best = 0;
    for (MatmulSpec spec : specs) {
      best = Math.max(best, rate(dnnl, spec, seconds / specs.size(), pool));
    }
    return best;
  }

  /// The rate of one product: the median of its runs, in floating-point operations per second.
  static double rate(Dnnl dnnl, MatmulSpec spec, double seconds, WorkerPool pool) {
    try (Arena arena = Arena.ofShared();
        Matmul matmul = Matmul.prepare(dnnl, spec, pool.threads())) {
      long a = operand(arena, spec.m(), spec.k(), spec.a());
      long b = operand(arena, spec.k(), spec.n(), spec.b());
      long c = operand(arena, spec.m(), spec.n(), spec.c());
      List<Long> nanos = new ArrayList<>();
      long end = System.nanoTime() + (long) (seconds * 1e9);
      do {
        long start = System.nanoTime();
        matmul.run(a, b, c, pool);
        nanos.add(System.nanoTime() - start);
      } while (System.nanoTime() < end);
      Collections.sort(nanos);
      return spec.flops() * 1e9 / Math.max(1, nanos.get(nanos.size() / 2));
    }
  }

  /// A matrix of small numbers that are not all alike: some machines are faster on zeros.
  private static long operand(Arena arena, long rows, long columns, MatrixLayout layout) {
    DType dtype = layout.dtype();
    long last = layout.offset(Math.max(0, rows - 1), Math.max(0, columns - 1));
    MemorySegment memory = arena.allocate(last + dtype.bytes(), ALIGNMENT);
    for (long at = 0; at <= last; at += dtype.bytes()) {
      RawMemory.set(dtype, memory.address() + at, dtype.round((at * 7919 % 1021) / 1021.0 - 0.5));
    }
    return memory.address();
  }
}
