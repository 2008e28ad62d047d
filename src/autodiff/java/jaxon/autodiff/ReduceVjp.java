package jaxon.autodiff;

import java.util.List;
import java.util.stream.IntStream;
import jaxon.graph.op.ReduceOp;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Ops;
import jaxon.graph.type.Shape;
import org.jspecify.annotations.Nullable;

/// Rules of reductions.
final class ReduceVjp {
  private ReduceVjp() {}

  static @Nullable Array apply(ReduceOp.Reduce op, VjpContext c) {
    return switch (op.kind()) {
      case SUM -> spread(c.cotangent(), op.dims(), c.type(0).shape());
      case PRODUCT -> product(op, c);
      case MAX, MIN -> extremum(op, c);
      case AND, OR -> null;
    };
  }

  /// Repeats a reduced tensor along the dims that were folded away.
  private static Array spread(Array reduced, List<Integer> dims, Shape shape) {
    int[] kept = IntStream.range(0, shape.rank()).filter(dim -> !dims.contains(dim)).toArray();
    return reduced.broadcastInDim(shape, kept);
  }

  /// The elements that attain the extremum share the cotangent equally.
  private static Array extremum(ReduceOp.Reduce op, VjpContext c) {
    Array x = c.in(0);
    Array attains = x.eq(spread(c.out(), op.dims(), x.shape())).astype(x.dtype());
    int[] dims = op.dims().stream().mapToInt(Integer::intValue).toArray();
    Array count = dims.length == 0 ? attains : attains.sum(dims);
    Array share = c.cotangent().div(count);
    return attains.mul(spread(share, op.dims(), x.shape()));
  }

  /// The product of the other elements: out / x, or with one zero the product without it, at that
  /// zero only.
  private static Array product(ReduceOp.Reduce op, VjpContext c) {
    Array x = c.in(0);
    int[] dims = op.dims().stream().mapToInt(Integer::intValue).toArray();
    if (dims.length == 0) {
      return c.cotangent();
    }
    Array zero = Ops.constant(x.dtype(), 0);
    Array one = Ops.constant(x.dtype(), 1);
    Array isZero = x.eq(zero);
    Array nonZero = isZero.select(one, x);
    Array zeros = spread(isZero.astype(x.dtype()).sum(dims), op.dims(), x.shape());
    Array rest = spread(nonZero.prod(dims), op.dims(), x.shape());
    Array atZero = isZero.and(zeros.eq(one)).select(rest, zero);
    Array others = zeros.eq(zero).select(rest.div(nonZero), atZero);
    return others.mul(spread(c.cotangent(), op.dims(), x.shape()));
  }
}
