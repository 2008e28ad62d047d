package jaxon.runtime.cpu.loop;

import jaxon.graph.Var;
import org.jspecify.annotations.Nullable;

/// What is written to output `index` of a loop.
///
/// @param value the value whose elements are written (`FULL`, `ROW`), else the result of `fold`
/// @param fold the reduction that a `COLUMN` or `TOTAL` output is
record Target(int index, Kind kind, Var value, @Nullable Fold fold) {
  /// Which indices of the loop an output has elements for.
  enum Kind {
    /// Every index.
    FULL,
    /// Every row.
    ROW,
    /// Every column, folded over the rows.
    COLUMN,
    /// One, folded over everything.
    TOTAL
  }

  Fold requireFold() {
    if (fold == null) {
      throw new IllegalStateException("output " + index + " is no reduction");
    }
    return fold;
  }
}
