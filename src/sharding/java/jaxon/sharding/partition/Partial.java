package jaxon.sharding.partition;

import java.util.List;
import jaxon.graph.op.ReduceOp;

/// A value whose true elements are the fold, over the devices along `axes`, of what each of them
/// has.
record Partial(List<String> axes, ReduceOp.Kind kind) {
  Partial {
    axes = List.copyOf(axes);
  }
}
