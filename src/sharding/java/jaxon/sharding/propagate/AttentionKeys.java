package jaxon.sharding.propagate;

import java.util.List;
import jaxon.graph.Equation;
import jaxon.graph.op.ControlOp;
import jaxon.graph.type.DType;
import jaxon.graph.type.TensorType;
import jaxon.sharding.DimSharding;
import jaxon.sharding.TensorSharding;

/// Attention's composites see all keys: where a sequence is cut, it is the queries that are.
///
/// Else the cut of the keys would spread within the decomposition and meet that of the queries
/// there, and what is gathered would be gathered inside, where a kernel cannot be.
final class AttentionKeys {
  private static final List<String> NAMES = List.of("jaxon.attention", "jaxon.attention_grad");

  /// Keys, values, segments of keys.
  private static final List<Integer> OPERANDS = List.of(1, 2, 4);

  private AttentionKeys() {}

  /// How operand `index` comes in, which is `outer` outside.
  static TensorSharding inner(Equation equation, int index, TensorSharding outer) {
    if (!(equation.op() instanceof ControlOp.Composite op) || !NAMES.contains(op.name())) {
      return outer;
    }
    TensorType type = equation.inputs().get(index).type();
    boolean last = index == equation.inputs().size() - 1;
    if (last && type.dtype() == DType.I32 && type.shape().rank() == 1) {
      return TensorSharding.replicated(type.shape());
    }
    return OPERANDS.contains(index) ? outer.with(1, DimSharding.whole(type.shape().dim(1))) : outer;
  }
}
