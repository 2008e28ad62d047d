package jaxon.graph.infer;

import java.util.ArrayList;
import java.util.List;
import jaxon.graph.op.ReduceOp;
import jaxon.graph.op.ShapeOp;
import jaxon.graph.type.DType;
import jaxon.graph.type.Shape;
import jaxon.graph.type.TensorType;

/// Types of the ops that move or fold elements.
final class ShapeRules {
  private ShapeRules() {}

  static TensorType infer(ShapeOp op, Check check) {
    return switch (op) {
      case ShapeOp.BroadcastInDim broadcast -> broadcast(broadcast, check);
      case ShapeOp.Reshape reshape -> {
        TensorType type = check.single();
        check.require(
            type.shape().elements() == reshape.shape().elements(),
            () -> "to " + reshape.shape() + " needs " + reshape.shape().elements() + " elements");
        yield type.withShape(reshape.shape());
      }
      case ShapeOp.Transpose transpose -> {
        TensorType type = check.single();
        List<Integer> permutation = transpose.permutation();
        check.dims(permutation, type.shape(), "permutation");
        check.require(
            permutation.size() == type.shape().rank(),
            () -> "permutation " + permutation + " must name every dim");
        yield type.withShape(Shape.of(permutation.stream().map(type.shape()::dim).toList()));
      }
      case ShapeOp.Slice slice -> slice(slice, check);
      case ShapeOp.Pad pad -> pad(pad, check);
      case ShapeOp.Concatenate concatenate -> concatenate(concatenate, check);
      case ShapeOp.Reverse reverse -> {
        TensorType type = check.single();
        check.dims(reverse.dims(), type.shape(), "dims");
        yield type;
      }
    };
  }

  private static TensorType broadcast(ShapeOp.BroadcastInDim op, Check check) {
    TensorType type = check.single();
    check.dims(op.dims(), op.shape(), "dims");
    boolean fits = op.dims().size() == type.shape().rank();
    for (int i = 0; fits && i < op.dims().size(); i++) {
      long size = type.shape().dim(i);
      fits = size == 1 || size == op.shape().dim(op.dims().get(i));
    }
    boolean ok = fits;
    check.require(
        ok, () -> "to " + op.shape() + " along dims " + op.dims() + " needs equal sizes or size 1");
    return type.withShape(op.shape());
  }

  private static TensorType slice(ShapeOp.Slice op, Check check) {
    TensorType type = check.single();
    int rank = type.shape().rank();
    boolean legal =
        op.start().size() == rank && op.limit().size() == rank && op.strides().size() == rank;
    List<Long> sizes = new ArrayList<>();
    for (int i = 0; legal && i < rank; i++) {
      long start = op.start().get(i);
      long limit = op.limit().get(i);
      long stride = op.strides().get(i);
      legal = start >= 0 && start <= limit && limit <= type.shape().dim(i) && stride >= 1;
      sizes.add(legal ? (limit - start + stride - 1) / stride : 0);
    }
    boolean ok = legal;
    check.require(
        ok,
        () ->
            op.start() + " to " + op.limit() + " by " + op.strides() + " must lie in the operand");
    return type.withShape(Shape.of(sizes));
  }

  private static TensorType pad(ShapeOp.Pad op, Check check) {
    check.operandCount(2);
    TensorType type = check.operand(0);
    int rank = type.shape().rank();
    check.require(
        check.operand(1).equals(TensorType.of(type.dtype())),
        () -> "the padding value must be a scalar of the operand's dtype");
    check.require(
        op.low().size() == rank && op.high().size() == rank && op.interior().size() == rank,
        () -> "low, high and interior must name every dim");
    List<Long> sizes = new ArrayList<>();
    for (int i = 0; i < rank; i++) {
      long size = type.shape().dim(i);
      long interior = op.interior().get(i);
      check.require(interior >= 0, () -> "interior padding must be >= 0");
      sizes.add(op.low().get(i) + size + Math.max(size - 1, 0) * interior + op.high().get(i));
    }
    check.require(
        sizes.stream().allMatch(s -> s >= 0), () -> "padding must not remove all: " + sizes);
    return type.withShape(Shape.of(sizes));
  }

  private static TensorType concatenate(ShapeOp.Concatenate op, Check check) {
    check.require(!check.operands().isEmpty(), () -> "takes at least one operand");
    TensorType first = check.operand(0);
    check.dims(List.of(op.dim()), first.shape(), "dim");
    long total = 0;
    for (TensorType type : check.operands()) {
      check.require(
          type.dtype() == first.dtype()
              && type.shape().rank() == first.shape().rank()
              && type.shape().with(op.dim(), 0).equals(first.shape().with(op.dim(), 0)),
          () -> "along dim " + op.dim() + " operands must agree in dtype and all other dims");
      total += type.shape().dim(op.dim());
    }
    return first.withShape(first.shape().with(op.dim(), total));
  }

  static TensorType reduce(ReduceOp.Reduce op, Check check) {
    TensorType type = check.single();
    check.dims(op.dims(), type.shape(), "dims");
    switch (op.kind()) {
      case SUM, PRODUCT, MAX, MIN ->
          check.require(type.dtype() != DType.I1, () -> op.kind() + " needs a number, not i1");
      case AND, OR -> check.dtype(type, DType.I1);
    }
    return type.withShape(type.shape().without(op.dims()));
  }
}
