package jaxon.nd4j;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import jaxon.runtime.lower.MatrixOperand;
import org.bytedeco.javacpp.Loader;

/// The OpenBLAS that ND4J has loaded, called directly: row-major matrices by address.
///
/// A call costs nanoseconds where ND4J's wrappers cost microseconds, and any leading dimension is
/// allowed, so that slices and transposes need no copy.
final class OpenBlas {
  private static final int ROW_MAJOR = 101;
  private static final int NO_TRANSPOSE = 111;
  private static final int TRANSPOSE = 112;

  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  private static final ValueLayout.OfLong PTR = ValueLayout.JAVA_LONG;
  private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT;
  private static final ValueLayout.OfDouble F64 = ValueLayout.JAVA_DOUBLE;

  private static final MethodHandle SGEMM = gemm("cblas_sgemm", F32);
  private static final MethodHandle DGEMM = gemm("cblas_dgemm", F64);
  private static final MethodHandle SGEMV = gemv("cblas_sgemv", F32);
  private static final MethodHandle DGEMV = gemv("cblas_dgemv", F64);
  private static final MethodHandle SDOT =
      handle("cblas_sdot", FunctionDescriptor.of(F32, INT, PTR, INT, PTR, INT));
  private static final MethodHandle SET_THREADS =
      handle("openblas_set_num_threads", FunctionDescriptor.ofVoid(INT));
  private static final MethodHandle CORE_NAME =
      handle("openblas_get_corename", FunctionDescriptor.of(ValueLayout.ADDRESS));

  private OpenBlas() {}

  /// A matrix operand: its address and the distance in elements between its stored rows.
  ///
  /// @param transposed the stored matrix is the transpose of the one meant
  record Matrix(long address, int stride, boolean transposed) {
    /// The left operand of a product at `address`: free x contracting.
    static Matrix left(MatrixOperand operand, long address) {
      return new Matrix(address, Math.toIntExact(operand.stride()), !operand.contractingIsInner());
    }

    /// The right operand of a product at `address`: contracting x free.
    static Matrix right(MatrixOperand operand, long address) {
      return new Matrix(address, Math.toIntExact(operand.stride()), operand.contractingIsInner());
    }

    private int flag() {
      return transposed ? TRANSPOSE : NO_TRANSPOSE;
    }
  }

  /// `c[m, n] = a[m, k] · b[k, n]` in float32; `c` has rows of stride `ldc`.
  static void sgemm(int m, int n, int k, Matrix a, Matrix b, long c, int ldc) {
    try {
      SGEMM.invokeExact(
          ROW_MAJOR, a.flag(), b.flag(), m, n, k, 1f, a.address, a.stride, b.address, b.stride, 0f,
          c, ldc);
    } catch (Throwable e) {
      throw new IllegalStateException("cblas_sgemm", e);
    }
  }

  /// `c[m, n] = a[m, k] · b[k, n]` in float64; `c` has rows of stride `ldc`.
  static void dgemm(int m, int n, int k, Matrix a, Matrix b, long c, int ldc) {
    try {
      DGEMM.invokeExact(
          ROW_MAJOR, a.flag(), b.flag(), m, n, k, 1.0, a.address, a.stride, b.address, b.stride,
          0.0, c, ldc);
    } catch (Throwable e) {
      throw new IllegalStateException("cblas_dgemm", e);
    }
  }

  /// `y = a · x`, or `aᵀ · x` if `a` is transposed, in float32; `rows` and `cols` as stored.
  static void sgemv(int rows, int cols, Matrix a, long x, int incx, long y, int incy) {
    try {
      SGEMV.invokeExact(
          ROW_MAJOR, a.flag(), rows, cols, 1f, a.address, a.stride, x, incx, 0f, y, incy);
    } catch (Throwable e) {
      throw new IllegalStateException("cblas_sgemv", e);
    }
  }

  /// `y = a · x`, or `aᵀ · x` if `a` is transposed, in float64; `rows` and `cols` as stored.
  static void dgemv(int rows, int cols, Matrix a, long x, int incx, long y, int incy) {
    try {
      DGEMV.invokeExact(
          ROW_MAJOR, a.flag(), rows, cols, 1.0, a.address, a.stride, x, incx, 0.0, y, incy);
    } catch (Throwable e) {
      throw new IllegalStateException("cblas_dgemv", e);
    }
  }

  /// The scalar product of two contiguous float32 vectors.
  static float sdot(int n, long x, long y) {
    try {
      return (float) SDOT.invokeExact(n, x, 1, y, 1);
    } catch (Throwable e) {
      throw new IllegalStateException("cblas_sdot", e);
    }
  }

  /// Sets how many threads a large call uses.
  static void setThreads(int threads) {
    try {
      SET_THREADS.invokeExact(threads);
    } catch (Throwable e) {
      throw new IllegalStateException("openblas_set_num_threads", e);
    }
  }

  /// The kernel family that OpenBLAS chose, for example `SkylakeX`.
  @SuppressWarnings("restricted") // the library owns the string, which is constant
  static String coreName() {
    try {
      return ((MemorySegment) CORE_NAME.invokeExact()).reinterpret(64).getString(0);
    } catch (Throwable e) {
      throw new IllegalStateException("openblas_get_corename", e);
    }
  }

  private static MethodHandle gemm(String name, ValueLayout scalar) {
    return handle(
        name,
        FunctionDescriptor.ofVoid(
            INT, INT, INT, INT, INT, INT, scalar, PTR, INT, PTR, INT, scalar, PTR, INT));
  }

  private static MethodHandle gemv(String name, ValueLayout scalar) {
    return handle(
        name,
        FunctionDescriptor.ofVoid(
            INT, INT, INT, INT, scalar, PTR, INT, PTR, INT, scalar, PTR, INT));
  }

  @SuppressWarnings("restricted") // the fence: this class is the only caller of these functions
  private static MethodHandle handle(String name, FunctionDescriptor type) {
    MemorySegment symbol = MemorySegment.ofAddress(Loader.addressof(name).address());
    return Linker.nativeLinker().downcallHandle(symbol, type);
  }
}
