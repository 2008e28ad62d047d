package jaxon.runtime.cpu.loop;

/// What generated classes implement; `a` holds addresses, sizes and strides as [Loop] laid them
/// out.
public interface GeneratedLoop {
  /// Computes rows `first` to below `last`, of each the part `from` to below `to` of the innermost
  /// loop.
  ///
  /// @param task number of the piece of work: where its partial results go
  /// @param scratch address of memory of this thread alone
  void run(long[] a, long first, long last, long from, long to, long task, long scratch);

  /// Combines the partial results of column outputs for columns `from` to below `to`.
  void columns(long[] a, long from, long to);
}
