package jaxon.graph.op;

import java.util.List;
import jaxon.graph.type.DType;

/// Operations that multiply and sum over dims.
public sealed interface ContractOp extends Op {
  /// `(lhs, rhs)`: result dims are batch dims, then lhs free dims, then rhs free dims.
  ///
  /// Operands have one dtype; products are summed in float32 or better and rounded once to
  /// `result`.
  record DotGeneral(
      List<Integer> lhsBatch,
      List<Integer> rhsBatch,
      List<Integer> lhsContract,
      List<Integer> rhsContract,
      DType result)
      implements ContractOp {
    public DotGeneral {
      lhsBatch = List.copyOf(lhsBatch);
      rhsBatch = List.copyOf(rhsBatch);
      lhsContract = List.copyOf(lhsContract);
      rhsContract = List.copyOf(rhsContract);
    }

    @Override
    public String opName() {
      return "stablehlo.dot_general";
    }
  }
}
