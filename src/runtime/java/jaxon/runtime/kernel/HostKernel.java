package jaxon.runtime.kernel;

import jaxon.runtime.host.WorkerPool;

/// A prepared computation on raw memory: a fused loop, attention, a loss.
///
/// Running allocates nothing; the result depends on the operands alone, not on the number of
/// threads.
public interface HostKernel extends AutoCloseable {
  /// Bytes of scratch memory that [#run] needs; the memory plan provides them.
  long scratchBytes();

  /// Bytes of scratch memory that [#run] uses of each thread's own, besides [#scratchBytes].
  default long workerBytes() {
    return 0;
  }

  /// True when `result` may be put over `operand`, if that dies here and has the same layout and
  /// width: no element of the operand is read after the result's element in its place is written.
  default boolean mayOverwrite(int operand, int result) {
    return false;
  }

  /// Computes all results.
  ///
  /// @param operands addresses of the operands' first elements
  /// @param results addresses of the results, dense and row-major
  /// @param scratch address of [#scratchBytes] bytes with any content, aligned to 64 bytes
  /// @param pool threads to use
  void run(long[] operands, long[] results, long scratch, WorkerPool pool);

  /// Floating-point operations of one run, for the profiler.
  long flops();

  /// Bytes that one run must read and write at least, for the profiler.
  long bytes();

  @Override
  void close();
}
