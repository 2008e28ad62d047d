package jaxon.graph.interpret;

import java.util.List;
import jaxon.graph.op.ShapeOp;
import jaxon.graph.type.TensorType;

/// Ops that move elements.
final class ShapeKernels {
  private ShapeKernels() {}

  static Tensor apply(ShapeOp op, List<Tensor> operands, TensorType type) {
    Tensor x = operands.getFirst();
    return switch (op) {
      case ShapeOp.BroadcastInDim broadcast -> broadcast(broadcast, x, type);
      case ShapeOp.Reshape reshape -> x.withShape(reshape.shape());
      case ShapeOp.Transpose transpose -> transpose(x, transpose.permutation());
      case ShapeOp.Slice slice -> slice(slice, x, type);
      case ShapeOp.Pad pad -> pad(pad, x, operands.get(1), type);
      case ShapeOp.Concatenate concatenate -> concatenate(concatenate.dim(), operands, type);
      case ShapeOp.Reverse reverse -> reverse(x, reverse.dims());
    };
  }

  /// The tensor of `type` whose element at index `i` is element `base + sum(i · strides)` of `x`.
  private static Tensor strided(Tensor x, TensorType type, long base, long[] strides) {
    Tensor result = Tensor.zeros(type);
    for (IndexCounter i = new IndexCounter(type.shape()); i.inRange(); i.next()) {
      result.set(i.flat(), x, (int) base + i.dot(strides));
    }
    return result;
  }

  private static Tensor broadcast(ShapeOp.BroadcastInDim op, Tensor x, TensorType type) {
    long[] from = x.shape().strides();
    long[] strides = new long[type.shape().rank()];
    for (int dim = 0; dim < from.length; dim++) {
      strides[op.dims().get(dim)] = x.shape().dim(dim) == 1 ? 0 : from[dim];
    }
    return strided(x, type, 0, strides);
  }

  static Tensor transpose(Tensor x, List<Integer> permutation) {
    long[] from = x.shape().strides();
    long[] sizes = new long[from.length];
    long[] strides = new long[from.length];
    for (int dim = 0; dim < from.length; dim++) {
      sizes[dim] = x.shape().dim(permutation.get(dim));
      strides[dim] = from[permutation.get(dim)];
    }
    return strided(x, TensorType.of(x.dtype(), sizes), 0, strides);
  }

  private static Tensor slice(ShapeOp.Slice op, Tensor x, TensorType type) {
    long base = 0;
    long[] strides = x.shape().strides();
    for (int dim = 0; dim < strides.length; dim++) {
      base += op.start().get(dim) * strides[dim];
      strides[dim] *= op.strides().get(dim);
    }
    return strided(x, type, base, strides);
  }

  private static Tensor reverse(Tensor x, List<Integer> dims) {
    long base = 0;
    long[] strides = x.shape().strides();
    for (int dim : dims) {
      base += (x.shape().dim(dim) - 1) * strides[dim];
      strides[dim] = -strides[dim];
    }
    return strided(x, x.type(), base, strides);
  }

  private static Tensor pad(ShapeOp.Pad op, Tensor x, Tensor value, TensorType type) {
    Tensor result = Tensor.zeros(type);
    for (int i = 0; i < result.size(); i++) {
      result.set(i, value, 0);
    }
    long[] strides = type.shape().strides();
    for (IndexCounter i = new IndexCounter(x.shape()); i.inRange(); i.next()) {
      long to = 0;
      boolean kept = true;
      for (int dim = 0; dim < strides.length; dim++) {
        long at = op.low().get(dim) + i.at(dim) * (op.interior().get(dim) + 1);
        kept &= at >= 0 && at < type.shape().dim(dim);
        to += at * strides[dim];
      }
      if (kept) {
        result.set((int) to, x, i.flat());
      }
    }
    return result;
  }

  private static Tensor concatenate(int dim, List<Tensor> operands, TensorType type) {
    Tensor result = Tensor.zeros(type);
    long[] strides = type.shape().strides();
    long offset = 0;
    for (Tensor x : operands) {
      for (IndexCounter i = new IndexCounter(x.shape()); i.inRange(); i.next()) {
        result.set((int) (offset * strides[dim]) + i.dot(strides), x, i.flat());
      }
      offset += x.shape().dim(dim);
    }
    return result;
  }
}
