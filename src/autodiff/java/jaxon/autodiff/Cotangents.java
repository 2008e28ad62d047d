package jaxon.autodiff;

import java.util.HashMap;
import java.util.Map;
import jaxon.graph.Var;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Ops;
import jaxon.graph.type.TensorType;
import org.jspecify.annotations.Nullable;

/// The cotangents gathered so far; an absent one is zero.
final class Cotangents {
  private final Map<Var, Array> sums = new HashMap<>();

  @Nullable Array get(Var var) {
    return sums.get(var);
  }

  void add(Var var, Array cotangent) {
    if (!cotangent.type().equals(var.type())) {
      throw new IllegalStateException(
          "a cotangent of type "
              + cotangent.type()
              + " was made for a value of type "
              + var.type());
    }
    Array sum = sums.get(var);
    sums.put(var, sum == null ? cotangent : sum.add(cotangent));
  }

  static Array orZeros(@Nullable Array cotangent, TensorType type) {
    return cotangent == null ? Ops.zeros(type) : cotangent;
  }
}
