package jaxon.graph.op;

import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;

/// Operations without operands.
public sealed interface SourceOp extends Op {
  /// A value known at trace time.
  record Constant(Literal value) implements SourceOp {
    @Override
    public String opName() {
      return "stablehlo.constant";
    }
  }

  /// Each element is its index along `dim`.
  record Iota(TensorType type, int dim) implements SourceOp {
    @Override
    public String opName() {
      return "stablehlo.iota";
    }
  }
}
