package jaxon.runtime.cpu.loop;

/// How a loop is cut into tasks, by its shape alone.
///
/// @param rows number of row ranges
/// @param chunk size of the pieces of the innermost loop; each task has one
/// @param chunks number of such pieces
record Tasks(long rows, long chunk, long chunks) {
  /// Memory traffic of a task: some tens of microseconds, so that dealing it out costs little.
  private static final long TARGET_BYTES = 1L << 17;

  /// A multiple of the lanes of every species.
  private static final long CHUNK_UNIT = 256;

  /// Each row range has partial results of column outputs: as few as keep many threads busy.
  private static final long COLUMN_ROW_TASKS = 32;

  /// @param width elements of the innermost loop
  /// @param splitsRows whether a row may be shared by several tasks
  static Tasks of(long rows, long width, long bytes, boolean splitsRows, boolean hasColumnOutputs) {
    long wanted = Math.clamp(Math.ceilDiv(bytes, TARGET_BYTES), 1, Integer.MAX_VALUE / 2);
    long rowTasks = Math.clamp(wanted, 1, Math.max(rows, 1));
    if (hasColumnOutputs) {
      rowTasks = Math.min(rowTasks, COLUMN_ROW_TASKS);
    }
    if (!splitsRows || rowTasks >= wanted) {
      return new Tasks(rowTasks, Math.max(width, 1), 1);
    }
    long perRow = Math.ceilDiv(wanted, rowTasks);
    long chunk = Math.ceilDiv(Math.ceilDiv(width, perRow), CHUNK_UNIT) * CHUNK_UNIT;
    return new Tasks(rowTasks, chunk, Math.ceilDiv(width, chunk));
  }

  int count() {
    return Math.toIntExact(rows * chunks);
  }
}
