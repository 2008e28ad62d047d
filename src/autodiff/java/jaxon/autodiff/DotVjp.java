package jaxon.autodiff;

import static jaxon.autodiff.VjpRules.some;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import jaxon.graph.op.ContractOp;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Ops;
import jaxon.graph.type.Shape;
import org.jspecify.annotations.Nullable;

/// Rule of dot_general: each operand's cotangent is a dot_general of the result's with the other
/// operand.
final class DotVjp {
  private DotVjp() {}

  /// One operand's dim numbers.
  private record Side(List<Integer> batch, List<Integer> contract, Shape shape) {
    List<Integer> free() {
      return IntStream.range(0, shape.rank())
          .filter(dim -> !batch.contains(dim) && !contract.contains(dim))
          .boxed()
          .toList();
    }
  }

  static List<@Nullable Array> apply(ContractOp.DotGeneral op, VjpContext c) {
    Side lhs = new Side(op.lhsBatch(), op.lhsContract(), c.type(0).shape());
    Side rhs = new Side(op.rhsBatch(), op.rhsContract(), c.type(1).shape());
    // The result may be wider than the operands (float32 sums of bfloat16 products).
    Array ct = c.cotangent().astype(c.type(0).dtype());
    int batch = op.lhsBatch().size();
    int lhsFree = lhs.free().size();
    List<Integer> ctLhs = range(batch, batch + lhsFree);
    List<Integer> ctRhs = range(batch + lhsFree, ct.rank());
    return some(
        c.wants(0) ? transposed(ct, ctRhs, lhs, rhs, c.in(1)) : null,
        c.wants(1) ? transposed(ct, ctLhs, rhs, lhs, c.in(0)) : null);
  }

  /// The cotangent of `side`: contracts the other operand's free dims, which are dims `ctOther` of
  /// `ct`.
  private static Array transposed(
      Array ct, List<Integer> ctOther, Side side, Side other, Array otherValue) {
    List<Integer> ctBatch = range(0, side.batch().size());
    Array dot =
        Ops.dotGeneral(ct, otherValue, ctBatch, other.batch(), ctOther, other.free(), ct.dtype());
    // The result's dims: batch, this side's free dims, the other side's contracting dims in their
    // order there.
    List<Integer> origin = new ArrayList<>(side.batch());
    origin.addAll(side.free());
    other.contract().stream()
        .sorted()
        .forEach(dim -> origin.add(side.contract().get(other.contract().indexOf(dim))));
    int[] permutation = IntStream.range(0, origin.size()).map(origin::indexOf).toArray();
    boolean inOrder = IntStream.range(0, permutation.length).allMatch(i -> permutation[i] == i);
    return inOrder ? dot : dot.transpose(permutation);
  }

  private static List<Integer> range(int from, int to) {
    return IntStream.range(from, to).boxed().toList();
  }
}
