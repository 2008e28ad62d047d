package jaxon.sharding.rule;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import jaxon.graph.Equation;
import jaxon.graph.op.ContractOp.DotGeneral;
import jaxon.graph.op.ReduceOp;
import jaxon.graph.type.Shape;

/// dot_general: batch and free dims are parallel, contracted ones are summed.
final class DotShardingRule {
  private DotShardingRule() {}

  static OpRule of(DotGeneral op, Equation equation) {
    Shape lhsShape = equation.inputs().get(0).type().shape();
    Shape rhsShape = equation.inputs().get(1).type().shape();
    OpRule.Builder builder = new OpRule.Builder();
    List<Integer> lhs = new ArrayList<>(Collections.nCopies(lhsShape.rank(), -1));
    List<Integer> rhs = new ArrayList<>(Collections.nCopies(rhsShape.rank(), -1));
    List<Integer> result = new ArrayList<>();
    for (int i = 0; i < op.lhsBatch().size(); i++) {
      int factor = builder.factor(Factor.parallel(lhsShape.dim(op.lhsBatch().get(i))));
      lhs.set(op.lhsBatch().get(i), factor);
      rhs.set(op.rhsBatch().get(i), factor);
      result.add(factor);
    }
    for (int i = 0; i < op.lhsContract().size(); i++) {
      long size = lhsShape.dim(op.lhsContract().get(i));
      int factor = builder.factor(Factor.folded(size, ReduceOp.Kind.SUM));
      lhs.set(op.lhsContract().get(i), factor);
      rhs.set(op.rhsContract().get(i), factor);
    }
    free(lhs, lhsShape, result, builder);
    free(rhs, rhsShape, result, builder);
    return builder.operand(lhs).operand(rhs).result(result).build();
  }

  private static void free(
      List<Integer> dims, Shape shape, List<Integer> result, OpRule.Builder builder) {
    for (int dim = 0; dim < dims.size(); dim++) {
      if (dims.get(dim) < 0) {
        dims.set(dim, builder.factor(Factor.parallel(shape.dim(dim))));
        result.add(dims.get(dim));
      }
    }
  }
}
