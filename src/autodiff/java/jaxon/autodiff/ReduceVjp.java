package jaxon.autodiff;

import java.util.ArrayList;
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

  /// The cotangent times the product of the other elements: of those before times those after.
  ///
  /// Without a division, so that zeros need no care, at any order of differentiation.
  private static Array product(ReduceOp.Reduce op, VjpContext c) {
    Shape shape = c.type(0).shape();
    List<Integer> order = new ArrayList<>(IntStream.range(0, shape.rank()).boxed().toList());
    order.removeAll(op.dims());
    order.addAll(op.dims());
    int[] permutation = order.stream().mapToInt(Integer::intValue).toArray();
    int[] inverse = IntStream.range(0, order.size()).map(order::indexOf).toArray();
    Array moved = c.in(0).transpose(permutation);
    long folded = op.dims().stream().mapToLong(shape::dim).reduce(1, (a, b) -> a * b);
    Array rows = moved.reshape(shape.without(op.dims()).elements(), folded);
    Array others = productBeside(rows, true).mul(productBeside(rows, false));
    Array placed = others.reshape(moved.shape()).transpose(inverse);
    return placed.mul(spread(c.cotangent(), op.dims(), shape));
  }

  /// The product of the elements before (or after) each one of its row, in log2(row) steps.
  private static Array productBeside(Array rows, boolean before) {
    Array product = shift(rows, before ? 1 : -1);
    for (long step = 1; step < rows.dim(1); step *= 2) {
      product = product.mul(shift(product, before ? step : -step));
    }
    return product;
  }

  /// Rows moved by `step` elements, with ones coming in.
  private static Array shift(Array rows, long step) {
    return Ops.pad(rows, 1, step, -step, 1);
  }
}
