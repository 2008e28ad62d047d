package jaxon.runtime.program;

/// A collective with its place in a program, which can run beside other kernels.
///
/// What was started first is finished first; several may be under way. Memory that it reads or
/// writes must be left alone until [#finish].
public interface Transfer {
  /// Carries it out and returns when it is complete.
  void run();

  /// Starts it on the memory that its operand and result have now.
  void start();

  /// Starts it on other memory, given by addresses, of the same size.
  void start(long operand, long result);

  /// Waits for the end of what was started first and not finished yet; returns at once if there is
  /// nothing.
  void finish();

  /// Waits for the end of all that was started, whether it succeeds or not: after a failure, before
  /// its memory is given back.
  void abandon();

  /// Makes a transfer once addresses are known.
  @FunctionalInterface
  interface Link {
    Transfer link(Linkage linkage);
  }
}
