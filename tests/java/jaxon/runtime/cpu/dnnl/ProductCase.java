package jaxon.runtime.cpu.dnnl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.SplittableRandom;
import jaxon.graph.type.DType;
import jaxon.runtime.host.WorkerPool;

/// Operands of a product in native memory, and the product computed by definition in double.
final class ProductCase implements AutoCloseable {
  private static final long SLACK = 64;

  private final MatmulSpec spec;
  private final Arena arena = Arena.ofConfined();
  private final SplittableRandom random = new SplittableRandom(7);
  private final MemorySegment a;
  private final MemorySegment b;
  private final MemorySegment c;
  private final MemorySegment before;

  ProductCase(MatmulSpec spec) {
    this.spec = spec;
    a = filled(spec.a(), spec.m(), spec.k(), BatchDim::a);
    b = filled(spec.b(), spec.k(), spec.n(), BatchDim::b);
    c = filled(spec.c(), spec.m(), spec.n(), BatchDim::c);
    before = arena.allocate(c.byteSize(), 8).copyFrom(c);
  }

  /// What a batch dim says of one operand.
  interface Stride {
    long of(BatchDim dim);
  }

  private MemorySegment filled(MatrixLayout layout, long rows, long columns, Stride stride) {
    DType dtype = layout.dtype();
    long last = rows == 0 || columns == 0 ? 0 : layout.offset(rows - 1, columns - 1);
    for (BatchDim dim : spec.batch()) {
      last += Math.max(0, dim.size() - 1) * stride.of(dim) * dtype.bytes();
    }
    MemorySegment memory = arena.allocate(last + SLACK, 64);
    for (long at = 0; at <= last; at += dtype.bytes()) {
      double value = dtype.isFloat() ? random.nextDouble() * 2 - 1 : random.nextInt(-3, 100);
      RawMemory.set(dtype, memory.address() + at, dtype.round(value));
    }
    return memory;
  }

  byte[] run(Dnnl dnnl, int threads) {
    return run(dnnl, threads, Tiling.of(spec, threads));
  }

  /// The bytes of `c` after a run on a pool of `threads`.
  byte[] run(Dnnl dnnl, int threads, Tiling tiling) {
    c.copyFrom(before);
    try (WorkerPool pool = new WorkerPool(threads);
        Matmul matmul = Matmul.prepare(dnnl, spec, threads, tiling)) {
      matmul.run(a.address(), b.address(), c.address(), pool);
    }
    return c.toArray(ValueLayout.JAVA_BYTE);
  }

  /// Runs and compares every result with its definition.
  void check(Dnnl dnnl) {
    check(dnnl, Tiling.of(spec, 2));
  }

  void check(Dnnl dnnl, Tiling tiling) {
    run(dnnl, 2, tiling);
    compare();
  }

  void checkBlock(Dnnl dnnl, long... operands) {
    c.copyFrom(before);
    try (BlockProduct product = BlockProduct.prepare(dnnl, spec, 1)) {
      product.run(0, a.address(), b.address(), c.address(), operands);
    }
    compare(operands);
  }

  private void compare(long... operands) {
    for (long batch = 0; batch < spec.batches(); batch++) {
      long x = a.address() + offset(batch, spec.a(), BatchDim::a);
      long y = b.address() + offset(batch, spec.b(), BatchDim::b);
      long z = offset(batch, spec.c(), BatchDim::c);
      for (long i = 0; i < spec.m(); i++) {
        for (long j = 0; j < spec.n(); j++) {
          compare(x, y, z, i, j, operands);
        }
      }
    }
  }

  private void compare(long x, long y, long z, long row, long column, long[] operands) {
    double sum = 0;
    double size = 0;
    for (long k = 0; k < spec.k(); k++) {
      double left = RawMemory.get(spec.a().dtype(), x + spec.a().offset(row, k));
      double right = RawMemory.get(spec.b().dtype(), y + spec.b().offset(k, column));
      sum += left * right;
      size += Math.abs(left * right);
    }
    DType result = spec.c().dtype();
    long at = z + spec.c().offset(row, column);
    if (spec.accumulate()) {
      double old = RawMemory.get(result, before.address() + at);
      sum += old;
      size += Math.abs(old);
    }
    double expected = then(sum, row, column, operands);
    assertThat(RawMemory.get(result, c.address() + at))
        .as("row %d column %d of %s", row, column, spec)
        .isCloseTo(result.round(expected), within(tolerance(result, size, Math.abs(expected))));
  }

  private double then(double sum, long row, long column, long[] operands) {
    double value = sum;
    int next = 0;
    for (PostOp step : spec.postOps().steps()) {
      switch (step) {
        case PostOp.Unary unary -> value = unary.function().apply(value);
        case PostOp.Binary binary -> {
          MatrixLayout layout = binary.operand();
          long address = operands[next++] + layout.offset(row, column);
          value = binary.function().apply(value, RawMemory.get(layout.dtype(), address));
        }
      }
    }
    return value;
  }

  /// Sums of `k` products are off by at most `k · ε/2` of the sum of their sizes; the result is
  /// then rounded once, so it is off by at most a unit in its last place more.
  private double tolerance(DType result, double size, double expected) {
    double sums = spec.a().dtype() == DType.F64 ? 0x1p-53 : 0x1p-24;
    double rounding =
        switch (result) {
          case BF16 -> 0x1p-7;
          case F16 -> 0x1p-10;
          case F32 -> 0x1p-23;
          default -> 0;
        };
    double slack = spec.a().dtype().isFloat() ? (spec.k() + 4) * sums * size : 0;
    return slack + rounding * expected + (spec.postOps().steps().isEmpty() ? 0 : 1e-6);
  }

  private long offset(long batch, MatrixLayout layout, Stride stride) {
    long rest = batch;
    long offset = 0;
    List<BatchDim> dims = spec.batch();
    for (int dim = dims.size() - 1; dim >= 0; dim--) {
      offset += rest % dims.get(dim).size() * stride.of(dims.get(dim));
      rest /= dims.get(dim).size();
    }
    return offset * layout.dtype().bytes();
  }

  @Override
  public void close() {
    arena.close();
  }
}
