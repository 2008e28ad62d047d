package jaxon.checkpoint.huggingface;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import jaxon.checkpoint.tensor.Block;
import jaxon.checkpoint.tensor.Transposition;

/// Fills a matrix from rectangles of its transpose, a bounded piece at a time.
///
/// @param target where the matrix goes, dense with `columns` elements in each row
/// @param bytes size of an element
record KernelCopy(MemorySegment target, long columns, int bytes) {
  private static final long PIECE_BYTES = 4 << 20;
  private static final int ALIGNMENT = 8;

  /// Reads a rectangle of the transpose, dense.
  @FunctionalInterface
  interface Reader {
    /// Reads `rows` of the transpose from `row` on, and of them the columns `run`.
    void read(long row, long rows, Block.Run run, MemorySegment into);
  }

  /// Fills the whole matrix: its columns are the rows `rowRuns` of the transpose one after the
  /// other, its rows the columns `columnRuns`.
  void fill(List<Block.Run> rowRuns, List<Block.Run> columnRuns, Reader reader) {
    long column = 0;
    for (Block.Run rows : rowRuns) {
      long row = 0;
      for (Block.Run run : columnRuns) {
        fill(rows, run, row * columns + column, reader);
        row += run.count();
      }
      column += rows.count();
    }
  }

  private void fill(Block.Run rows, Block.Run run, long offset, Reader reader) {
    if (run.count() == 0) {
      return;
    }
    long most = Math.max(1, PIECE_BYTES / (run.count() * bytes));
    for (long done = 0; done < rows.count(); done += most) {
      long count = Math.min(most, rows.count() - done);
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment piece = arena.allocate(count * run.count() * bytes, ALIGNMENT);
        reader.read(rows.from() + done, count, run, piece);
        Transposition.copy(piece, count, run.count(), target, offset + done, columns, bytes);
      }
    }
  }
}
