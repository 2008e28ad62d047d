package jaxon.graph.interpret;

import java.util.List;
import jaxon.graph.op.IndexOp;
import jaxon.graph.type.Shape;
import jaxon.graph.type.TensorType;

/// Ops whose element positions are data.
final class IndexKernels {
  private IndexKernels() {}

  static List<Tensor> apply(
      IndexOp op, List<Tensor> operands, List<TensorType> types, Precision precision) {
    Tensor x = operands.getFirst();
    return switch (op) {
      case IndexOp.DynamicSlice _ ->
          List.of(dynamicSlice(x, operands.subList(1, operands.size()), types.getFirst()));
      case IndexOp.DynamicUpdateSlice _ ->
          List.of(dynamicUpdateSlice(x, operands.get(1), operands.subList(2, operands.size())));
      case IndexOp.Gather gather ->
          List.of(GatherKernel.gather(gather, x, operands.get(1), types.getFirst()));
      case IndexOp.Scatter scatter ->
          List.of(GatherKernel.scatter(scatter, x, operands.get(1), operands.get(2), precision));
      case IndexOp.Sort sort -> SortKernel.apply(sort, operands);
    };
  }

  private static Tensor dynamicSlice(Tensor x, List<Tensor> starts, TensorType type) {
    long[] strides = x.shape().strides();
    int base = clampedBase(x.shape(), type.shape(), starts);
    Tensor result = Tensor.zeros(type);
    for (IndexCounter i = new IndexCounter(type.shape()); i.inRange(); i.next()) {
      result.set(i.flat(), x, base + i.dot(strides));
    }
    return result;
  }

  private static Tensor dynamicUpdateSlice(Tensor x, Tensor update, List<Tensor> starts) {
    long[] strides = x.shape().strides();
    int base = clampedBase(x.shape(), update.shape(), starts);
    Tensor result = x.copy();
    for (IndexCounter i = new IndexCounter(update.shape()); i.inRange(); i.next()) {
      result.set(base + i.dot(strides), update, i.flat());
    }
    return result;
  }

  /// The element number of the window's first element, after the starts are moved so that it fits.
  private static int clampedBase(Shape shape, Shape window, List<Tensor> starts) {
    long[] strides = shape.strides();
    long base = 0;
    for (int dim = 0; dim < strides.length; dim++) {
      long last = shape.dim(dim) - window.dim(dim);
      base += Math.clamp(starts.get(dim).index(0), 0, last) * strides[dim];
    }
    return (int) base;
  }
}
