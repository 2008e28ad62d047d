package jaxon.autodiff;

import java.util.List;
import jaxon.graph.trace.Array;
import org.jspecify.annotations.Nullable;

/// The transposed derivative of an equation at known operands.
@FunctionalInterface
interface Pullback {
  /// Cotangents of the operands from those of the results; null stands for zero.
  List<@Nullable Array> apply(List<@Nullable Array> cotangents);
}
