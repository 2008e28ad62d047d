package jaxon.runtime.pass.fuse;

import java.util.ArrayList;
import java.util.List;
import jaxon.graph.op.ReduceOp;
import jaxon.graph.type.Shape;

/// Which dims a reduction folds, dims of size 1 aside.
enum ReducedDims {
  /// All of them.
  ALL,
  /// The last ones: one result per row.
  TRAILING,
  /// The first ones: one result per column.
  LEADING,
  /// None of these; or no dim larger than 1, which is a copy.
  SCATTERED;

  static ReducedDims of(ReduceOp.Reduce reduce, Shape shape) {
    List<Boolean> reduced = new ArrayList<>();
    for (int i = 0; i < shape.rank(); i++) {
      if (shape.dim(i) != 1) {
        reduced.add(reduce.dims().contains(i));
      }
    }
    int changes = 0;
    for (int i = 1; i < reduced.size(); i++) {
      changes += reduced.get(i).equals(reduced.get(i - 1)) ? 0 : 1;
    }
    if (reduced.isEmpty() || changes > 1 || !reduced.contains(true)) {
      return SCATTERED;
    }
    if (changes == 0) {
      return ALL;
    }
    return reduced.getFirst() ? LEADING : TRAILING;
  }
}
