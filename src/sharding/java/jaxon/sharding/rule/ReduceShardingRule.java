package jaxon.sharding.rule;

import java.util.ArrayList;
import java.util.List;
import jaxon.graph.Equation;
import jaxon.graph.op.ReduceOp;
import jaxon.graph.type.Shape;

/// reduce: the dims that go are folded, the others are parallel.
final class ReduceShardingRule {
  private ReduceShardingRule() {}

  static OpRule of(ReduceOp.Reduce op, Equation equation) {
    Shape shape = equation.inputs().getFirst().type().shape();
    OpRule.Builder builder = new OpRule.Builder();
    List<Integer> operand = new ArrayList<>();
    List<Integer> result = new ArrayList<>();
    for (int dim = 0; dim < shape.rank(); dim++) {
      boolean folded = op.dims().contains(dim);
      long size = shape.dim(dim);
      operand.add(builder.factor(folded ? Factor.folded(size, op.kind()) : Factor.parallel(size)));
      if (!folded) {
        result.add(operand.getLast());
      }
    }
    return builder.operand(operand).result(result).build();
  }
}
