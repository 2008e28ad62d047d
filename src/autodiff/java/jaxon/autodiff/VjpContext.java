package jaxon.autodiff;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import jaxon.graph.Equation;
import jaxon.graph.Var;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Ops;
import jaxon.graph.type.TensorType;
import org.jspecify.annotations.Nullable;

/// What a rule may ask about its equation. Reading a forward value saves it, so rules read only
/// what they use.
record VjpContext(
    Equation equation, SavedValues saved, Set<Var> active, List<@Nullable Array> cotangents) {
  /// The cotangent of the first result; rules of one-result ops are only asked when it is there.
  Array cotangent() {
    return Objects.requireNonNull(cotangents.getFirst(), "the cotangent of the result is zero");
  }

  /// The cotangent of result `index`, zeros if it has none.
  Array cotangentOrZeros(int index) {
    return Cotangents.orZeros(cotangents.get(index), equation.outputs().get(index).type());
  }

  Array in(int index) {
    return saved.get(equation.inputs().get(index));
  }

  Array out() {
    return saved.get(equation.output());
  }

  TensorType type(int index) {
    return equation.inputs().get(index).type();
  }

  /// True if the cotangent of operand `index` is wanted.
  boolean wants(int index) {
    return active.contains(equation.inputs().get(index));
  }

  Array zeros(int index) {
    return Ops.zeros(type(index));
  }
}
