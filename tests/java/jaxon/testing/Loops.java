package jaxon.testing;

import java.util.List;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Control;
import jaxon.graph.trace.Ops;

/// Loops as a user writes them, outside the packages that error messages skip.
public final class Loops {
  private Loops() {}

  /// `x` doubled until it is 100 or more.
  public static List<Array> doubleUntilLarge(Array x) {
    return Control.whileLoop(
        List.of(x),
        carry -> carry.getFirst().lt(Ops.constant(x.dtype(), 100)),
        carry -> List.of(carry.getFirst().mul(2.0)));
  }
}
