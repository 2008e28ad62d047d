package jaxon.runtime.pass.fuse;

import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Equations that will be one loop.
final class LoopGroup {
  /// The value of [#rows] while nothing says which dims are rows.
  static final long OPEN = -1;

  /// The equation that it began with, which stays its own.
  final int first;

  /// Positions of the equations in the graph, and what they are to the loop.
  final SortedMap<Integer, Level> members = new TreeMap<>();

  /// What members read and write, dims of size 1 aside.
  LoopShape shape;

  /// The number of rows, or [#OPEN].
  long rows;

  /// True when a member puts parts of rows side by side: the last dim must stay whole.
  boolean hasPieces;

  LoopGroup(int first, LoopShape shape, long rows) {
    this.first = first;
    this.shape = shape;
    this.rows = rows;
  }

  /// A copy to try something on.
  LoopGroup copy() {
    LoopGroup copy = new LoopGroup(first, shape, rows);
    copy.members.putAll(members);
    copy.hasPieces = hasPieces;
    return copy;
  }

  /// Takes over what `other` holds.
  void set(LoopGroup other) {
    shape = other.shape;
    rows = other.rows;
    hasPieces = other.hasPieces;
    members.clear();
    members.putAll(other.members);
  }

  /// Cuts the shape as `other` does too; false, and nothing done, when the two do not fit.
  boolean refine(LoopShape other) {
    Optional<LoopShape> refined = shape.refinedBy(other);
    if (refined.isEmpty()
        || (hasPieces && refined.get().lastDim() != shape.lastDim())
        || (rows != OPEN && refined.get().dimsOf(rows) < 0)) {
      return false;
    }
    shape = refined.get();
    return true;
  }

  /// Fixes the number of rows; false when it is another already.
  boolean fixRows(long count) {
    if (rows == count) {
      return true;
    }
    if (rows != OPEN || shape.dimsOf(count) < 0) {
      return false;
    }
    rows = count;
    return true;
  }

  /// How many dims of the shape count rows; all but the last where nothing says otherwise.
  int rowDims() {
    return rows == OPEN ? Math.max(0, shape.dims().size() - 1) : shape.dimsOf(rows);
  }
}
