package jaxon.graph.infer;

import java.util.ArrayList;
import java.util.List;
import jaxon.graph.op.ContractOp;
import jaxon.graph.type.Shape;
import jaxon.graph.type.TensorType;

/// Type of dot_general.
final class DotRules {
  private DotRules() {}

  static TensorType infer(ContractOp.DotGeneral op, Check check) {
    check.operandCount(2);
    TensorType lhs = check.operand(0);
    TensorType rhs = check.operand(1);
    check.require(lhs.dtype() == rhs.dtype(), () -> "operands must have one dtype");
    matching(op.lhsBatch(), op.rhsBatch(), "batch", check);
    matching(op.lhsContract(), op.rhsContract(), "contracting", check);
    List<Integer> lhsUsed = concat(op.lhsBatch(), op.lhsContract());
    List<Integer> rhsUsed = concat(op.rhsBatch(), op.rhsContract());
    check.dims(lhsUsed, lhs.shape(), "lhs batch and contracting dims");
    check.dims(rhsUsed, rhs.shape(), "rhs batch and contracting dims");
    List<Long> sizes = new ArrayList<>();
    op.lhsBatch().forEach(dim -> sizes.add(lhs.shape().dim(dim)));
    sizes.addAll(lhs.shape().without(lhsUsed).toList());
    sizes.addAll(rhs.shape().without(rhsUsed).toList());
    return new TensorType(op.result(), Shape.of(sizes));
  }

  private static void matching(
      List<Integer> lhsDims, List<Integer> rhsDims, String what, Check check) {
    boolean match = lhsDims.size() == rhsDims.size();
    Shape lhs = check.operand(0).shape();
    Shape rhs = check.operand(1).shape();
    for (int i = 0; match && i < lhsDims.size(); i++) {
      int l = lhsDims.get(i);
      int r = rhsDims.get(i);
      match = l >= 0 && l < lhs.rank() && r >= 0 && r < rhs.rank() && lhs.dim(l) == rhs.dim(r);
    }
    boolean ok = match;
    check.require(ok, () -> what + " dims " + lhsDims + " x " + rhsDims + " must have equal sizes");
  }

  private static List<Integer> concat(List<Integer> a, List<Integer> b) {
    List<Integer> all = new ArrayList<>(a);
    all.addAll(b);
    return all;
  }
}
