package jaxon.runtime.cpu.loop;

import java.util.ArrayList;
import java.util.List;

/// A part of a loop's index space: `from[k] <= i[k] < to[k]` in every dim.
record Box(List<Long> starts, List<Long> ends) {
  Box {
    starts = List.copyOf(starts);
    ends = List.copyOf(ends);
  }

  long from(int dim) {
    return starts.get(dim);
  }

  long to(int dim) {
    return ends.get(dim);
  }

  long size(int dim) {
    return to(dim) - from(dim);
  }

  /// This box in the dims below `rows`, `columns` in the others.
  Box with(Box columns, int rows) {
    List<Long> from = new ArrayList<>(starts.subList(0, rows));
    List<Long> to = new ArrayList<>(ends.subList(0, rows));
    from.addAll(columns.starts.subList(rows, columns.starts.size()));
    to.addAll(columns.ends.subList(rows, columns.ends.size()));
    return new Box(from, to);
  }
}
