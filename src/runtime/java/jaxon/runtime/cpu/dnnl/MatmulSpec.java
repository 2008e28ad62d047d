package jaxon.runtime.cpu.dnnl;

import java.util.List;
import jaxon.graph.type.DType;

/// A matrix product, repeated over batch dims: `c[m, n] = a[m, k] · b[k, n]`, or `c +=` it.
///
/// Sums are taken in float32 (bf16, f16 and f32 operands), float64 (f64) or int32 (i8 and ui8).
///
/// @param accumulate adds the product to what `c` holds
public record MatmulSpec(
    long m,
    long n,
    long k,
    MatrixLayout a,
    MatrixLayout b,
    MatrixLayout c,
    List<BatchDim> batch,
    boolean accumulate,
    PostOps postOps) {
  public MatmulSpec {
    batch = List.copyOf(batch);
    if (m < 0 || n < 0 || k < 0) {
      throw new IllegalArgumentException("sizes must be >= 0, got " + m + ", " + n + ", " + k);
    }
    check("a", a, m, k);
    check("b", b, k, n);
    check("c", c, m, n);
  }

  /// One product without accumulation or further steps.
  public static MatmulSpec of(
      long m, long n, long k, MatrixLayout a, MatrixLayout b, MatrixLayout c) {
    return new MatmulSpec(m, n, k, a, b, c, List.of(), false, PostOps.NONE);
  }

  /// One product of dense row-major matrices.
  public static MatmulSpec dense(long m, long n, long k, DType dtype, DType result) {
    return of(
        m,
        n,
        k,
        MatrixLayout.rowMajor(dtype, k),
        MatrixLayout.rowMajor(dtype, n),
        MatrixLayout.rowMajor(result, n));
  }

  /// This product added to what `c` holds.
  public MatmulSpec accumulating() {
    return new MatmulSpec(m, n, k, a, b, c, batch, true, postOps);
  }

  /// This product repeated over `dims`.
  public MatmulSpec batched(List<BatchDim> dims) {
    return new MatmulSpec(m, n, k, a, b, c, dims, accumulate, postOps);
  }

  /// This product with steps on its results.
  public MatmulSpec then(PostOps steps) {
    return new MatmulSpec(m, n, k, a, b, c, batch, accumulate, steps);
  }

  /// How many products there are.
  public long batches() {
    return batch.stream().mapToLong(BatchDim::size).reduce(1, Math::multiplyExact);
  }

  /// Floating-point operations: a multiplication and an addition for each of `m · n · k`.
  public long flops() {
    return 2 * m * n * k * batches();
  }

  /// Bytes that must be moved at least: operands read once, results written (and read if
  /// accumulated) once.
  public long bytes() {
    long left =
        m * k * a.dtype().bytes() * distinct(batch.stream().filter(d -> d.a() != 0).toList());
    long right =
        k * n * b.dtype().bytes() * distinct(batch.stream().filter(d -> d.b() != 0).toList());
    long result = m * n * c.dtype().bytes() * batches();
    return left + right + (accumulate ? 2 : 1) * result;
  }

  private static long distinct(List<BatchDim> dims) {
    return dims.stream().mapToLong(BatchDim::size).reduce(1, Math::multiplyExact);
  }

  /// The product of one element of the batch, cut to `rows` x `columns` results.
  MatmulSpec tile(long rows, long columns) {
    return new MatmulSpec(
        rows,
        columns,
        k,
        a.canonical(rows, k),
        b.canonical(k, columns),
        c.canonical(rows, columns),
        List.of(),
        accumulate,
        postOps);
  }

  /// The same product with results stored by rows: `cᵀ = bᵀ · aᵀ` if `c` is column-major.
  ///
  /// Post operations are laid out like the results, so they are transposed too.
  MatmulSpec rowMajor() {
    return isRowMajor() ? this : transposed();
  }

  boolean isRowMajor() {
    return c.canonical(m, n).columnStride() == 1;
  }

  private MatmulSpec transposed() {
    List<PostOp> steps = postOps.steps().stream().map(MatmulSpec::transposed).toList();
    return new MatmulSpec(
        n,
        m,
        k,
        b.transposed(),
        a.transposed(),
        c.transposed(),
        batch.stream().map(d -> new BatchDim(d.size(), d.b(), d.a(), d.c())).toList(),
        accumulate,
        new PostOps(steps));
  }

  private static PostOp transposed(PostOp step) {
    return switch (step) {
      case PostOp.Unary unary -> unary;
      case PostOp.Binary binary ->
          new PostOp.Binary(binary.function(), binary.operand().transposed());
    };
  }

  private static void check(String name, MatrixLayout layout, long rows, long columns) {
    if (rows > 0 && columns > 0 && !layout.isValid(rows, columns)) {
      throw new IllegalArgumentException(
          "operand "
              + name
              + " of "
              + rows
              + " x "
              + columns
              + " needs a stride of 1 and rows that do not overlap, got "
              + layout
              + "; copy it first");
    }
  }
}
