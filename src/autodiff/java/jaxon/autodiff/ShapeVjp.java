package jaxon.autodiff;

import static jaxon.autodiff.VjpRules.some;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import jaxon.graph.op.Op;
import jaxon.graph.op.ShapeOp;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Ops;
import jaxon.graph.trace.Tracer;
import jaxon.graph.type.Shape;
import org.jspecify.annotations.Nullable;

/// Rules of the ops that move elements: move the cotangent back.
final class ShapeVjp {
  private ShapeVjp() {}

  static List<@Nullable Array> apply(ShapeOp op, VjpContext c) {
    Array ct = c.cotangent();
    return switch (op) {
      case ShapeOp.BroadcastInDim broadcast -> some(unbroadcast(broadcast, ct, c.type(0).shape()));
      case ShapeOp.Reshape _ -> some(ct.reshape(c.type(0).shape()));
      case ShapeOp.Transpose transpose -> some(ct.transpose(inverse(transpose.permutation())));
      case ShapeOp.Slice slice -> some(unslice(slice, ct, c.type(0).shape()));
      case ShapeOp.Pad pad -> unpad(pad, c);
      case ShapeOp.Concatenate concatenate -> split(concatenate, c);
      case ShapeOp.Reverse _ -> some(emit(op, ct));
    };
  }

  private static Array emit(Op op, Array... operands) {
    return Tracer.current().emit(op, List.of(operands), List.of()).getFirst();
  }

  /// Sums over what was repeated.
  private static Array unbroadcast(ShapeOp.BroadcastInDim op, Array ct, Shape operand) {
    int[] repeated =
        IntStream.range(0, op.shape().rank())
            .filter(dim -> {
              int from = op.dims().indexOf(dim);
              return from < 0 || (operand.dim(from) == 1 && op.shape().dim(dim) != 1);
            })
            .toArray();
    Array sum = repeated.length == 0 ? ct : ct.sum(repeated);
    // What is left is in result order; dims may be permuted, and size-1 dims are missing.
    List<Integer> left =
        op.dims().stream().filter(dim -> IntStream.of(repeated).noneMatch(r -> r == dim)).toList();
    List<Integer> order = left.stream().sorted().toList();
    int[] permutation = left.stream().mapToInt(order::indexOf).toArray();
    boolean sorted = left.equals(order);
    return (sorted ? sum : sum.transpose(permutation)).reshape(operand);
  }

  private static int[] inverse(List<Integer> permutation) {
    return IntStream.range(0, permutation.size()).map(permutation::indexOf).toArray();
  }

  /// Zeros around and between the cotangent's elements.
  private static Array unslice(ShapeOp.Slice op, Array ct, Shape operand) {
    List<Long> high = new ArrayList<>();
    List<Long> interior = new ArrayList<>();
    for (int i = 0; i < operand.rank(); i++) {
      long stride = op.strides().get(i);
      long spread = ct.dim(i) == 0 ? 0 : (ct.dim(i) - 1) * stride + 1;
      high.add(operand.dim(i) - op.start().get(i) - spread);
      interior.add(stride - 1);
    }
    return emit(new ShapeOp.Pad(op.start(), high, interior), ct, Ops.constant(ct.dtype(), 0));
  }

  private static List<@Nullable Array> unpad(ShapeOp.Pad op, VjpContext c) {
    Array ct = c.cotangent();
    Shape operand = c.type(0).shape();
    List<Long> low = op.low().stream().map(n -> -n).toList();
    List<Long> high = op.high().stream().map(n -> -n).toList();
    List<Long> none = Collections.nCopies(operand.rank(), 0L);
    Array inner = emit(new ShapeOp.Pad(low, high, none), ct, Ops.constant(ct.dtype(), 0));
    List<Long> strides = op.interior().stream().map(n -> n + 1).toList();
    Array dOperand = emit(new ShapeOp.Slice(none, inner.shape().toList(), strides), inner);
    Array dValue = c.wants(1) ? ct.sum().sub(dOperand.sum()) : null;
    return some(dOperand, dValue);
  }

  private static List<@Nullable Array> split(ShapeOp.Concatenate op, VjpContext c) {
    List<@Nullable Array> pieces = new ArrayList<>();
    long from = 0;
    for (int i = 0; i < c.equation().inputs().size(); i++) {
      long size = c.type(i).shape().dim(op.dim());
      List<Long> start = new ArrayList<>(Collections.nCopies(c.type(i).shape().rank(), 0L));
      start.set(op.dim(), from);
      Shape limit = c.cotangent().shape().with(op.dim(), from + size);
      List<Long> ones = Collections.nCopies(start.size(), 1L);
      boolean wanted = c.wants(i);
      pieces.add(
          wanted ? emit(new ShapeOp.Slice(start, limit.toList(), ones), c.cotangent()) : null);
      from += size;
    }
    return pieces;
  }
}
