package jaxon.runtime.cpu.loop;

/// The scratch memory of a thread: room to collect strided elements in, then rows of values kept
/// between passes.
final class Stash {
  /// For as many elements as any species has lanes, of any dtype.
  private static final long COLLECT_BYTES = 128;

  /// A kept value is an accumulator's element at most.
  private static final int ELEMENT_BYTES = 8;

  private final long rowBytes;
  private final Params params;
  private int rows;
  private int most;

  Stash(long columns, Params params) {
    this.rowBytes = Math.ceilDiv(columns * ELEMENT_BYTES, 64) * 64;
    this.params = params;
  }

  /// Kept values are forgotten: another body follows.
  void reset() {
    rows = 0;
  }

  /// The address of another row, as Java.
  String row() {
    String offset = params.value(COLLECT_BYTES + rows * rowBytes);
    rows++;
    most = Math.max(most, rows);
    return "scratch + " + offset;
  }

  long bytes() {
    return COLLECT_BYTES + most * rowBytes;
  }
}
