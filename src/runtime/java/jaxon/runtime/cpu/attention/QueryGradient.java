package jaxon.runtime.cpu.attention;

import jaxon.runtime.cpu.tile.Lanes;
import jaxon.runtime.host.HostMemory;

/// The gradient of the queries while it is summed up, in f32.
///
/// A task adds to `[R, T, stride]`, the queries of its key head. With one task per key head the
/// memory is the worker's; with several it is the task's, and the parts are added up in order when
/// all are there.
final class QueryGradient {
  private static final int FLOAT = Float.BYTES;

  private final AttentionShape shape;
  private final int stride;
  private final int parts;
  private final int workers;
  private final OutputRows output;
  private final HeadLayout result;
  private long scratch;
  private long target;

  QueryGradient(AttentionShape shape, int stride, int parts, int workers) {
    this.shape = shape;
    this.stride = stride;
    this.parts = parts;
    this.workers = workers;
    output = new OutputRows(shape.headDim(), stride, shape.dtype());
    result = HeadLayout.dense(shape.dtype(), shape.queries(), shape.heads(), shape.headDim());
  }

  private long headBytes() {
    return (long) shape.queries() * stride * FLOAT;
  }

  private long taskBytes() {
    return PieceNumbers.align(headBytes() * shape.perGroup());
  }

  long bytes() {
    return taskBytes() * (parts == 1 ? workers : (long) shape.batch() * shape.groups() * parts);
  }

  void use(long scratch, long target) {
    this.scratch = scratch;
    this.target = target;
  }

  /// The memory of a task, cleared.
  long begin(int task, int worker) {
    long at = scratch + (parts == 1 ? worker : task) * taskBytes();
    HostMemory.ALL.asSlice(at, taskBytes()).fill((byte) 0);
    return at;
  }

  /// The sums of query head `r` of the group.
  long head(long sums, int r) {
    return sums + r * headBytes();
  }

  /// Writes the result of a key head from one task's sums.
  void write(long sums, int b, int group) {
    for (int r = 0; r < shape.perGroup(); r++) {
      for (int t = 0; t < shape.queries(); t++) {
        writeRow(head(sums, r), b, group * shape.perGroup() + r, t);
      }
    }
  }

  private void writeRow(long sums, int b, int head, int t) {
    output.write(sums + (long) t * stride * FLOAT, shape.scale(), result.at(target, b, t, head));
  }

  /// Adds up the parts of one piece of a query head and writes it.
  void addParts(int index) {
    int pieces = (shape.queries() + PieceNumbers.PIECE - 1) / PieceNumbers.PIECE;
    int from = index % pieces * PieceNumbers.PIECE;
    int to = Math.min(shape.queries(), from + PieceNumbers.PIECE);
    int head = index / pieces % shape.heads();
    int b = index / pieces / shape.heads();
    int group = head / shape.perGroup();
    long first =
        head(
            scratch + ((long) b * shape.groups() + group) * parts * taskBytes(),
            head % shape.perGroup());
    long start = (long) from * stride * FLOAT;
    for (int part = 1; part < parts; part++) {
      add(first + start, first + start + part * taskBytes(), (to - from) * stride);
    }
    for (int t = from; t < to; t++) {
      writeRow(first, b, head, t);
    }
  }

  private static void add(long to, long from, int count) {
    for (int j = 0; j < count; j += Lanes.COUNT) {
      long at = (long) j * FLOAT;
      Lanes.store(Lanes.load(to + at).add(Lanes.load(from + at)), to + at);
    }
  }
}
