package jaxon.layers;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import jaxon.graph.op.LogicalAxes;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Ops;
import jaxon.graph.type.DType;
import jaxon.graph.type.Shape;
import jaxon.graph.type.ShapeException;

/// A matmul with weights over one or more dims, with or without a bias.
///
/// @param kernel the contracted input dims, then the output dims
/// @param bias the output dims
/// @param contractedDims how many leading dims of the kernel meet the last dims of the input
/// @param dtype type to compute in; the weights are converted where they are used
public record Linear(Array kernel, Optional<Array> bias, int contractedDims, DType dtype) {
  /// Weights from the truncated normal of variance `scale / fan-in`, and a bias of zeros if
  /// `useBias`.
  static Linear init(
      Initializer init,
      Shape shape,
      LogicalAxes axes,
      int contractedDims,
      double scale,
      boolean useBias,
      DType dtype) {
    List<Long> dims = shape.toList();
    long fanIn = Shape.of(dims.subList(0, contractedDims)).elements();
    Array kernel = init.param(shape, axes, Distribution.fanIn(scale, fanIn));
    Optional<Array> bias = Optional.empty();
    if (useBias) {
      Shape outputs = Shape.of(dims.subList(contractedDims, dims.size()));
      List<String> names = axes.names().subList(contractedDims, dims.size());
      bias = Optional.of(init.param(outputs, new LogicalAxes(names), Distribution.zeros()));
    }
    return new Linear(kernel, bias, contractedDims, dtype);
  }

  /// Weights without a bias.
  public static Linear init(
      Initializer init,
      Shape shape,
      LogicalAxes axes,
      int contractedDims,
      double scale,
      DType dtype) {
    return init(init, shape, axes, contractedDims, scale, false, dtype);
  }

  /// `x`, whose last dims are the kernel's first ones, to a result in `dtype` with the kernel's
  /// other dims in their place.
  public Array apply(Array x) {
    int kept = x.rank() - contractedDims;
    List<Integer> xDims = IntStream.range(kept, x.rank()).boxed().toList();
    List<Integer> kernelDims = IntStream.range(0, contractedDims).boxed().toList();
    requireFit(x, kept);
    Array y =
        Ops.dotGeneral(
            x.astype(dtype), kernel.astype(dtype), List.of(), List.of(), xDims, kernelDims, dtype);
    return bias.map(b -> y.add(b.astype(dtype).broadcastTo(y.shape()))).orElse(y);
  }

  private void requireFit(Array x, int kept) {
    List<Long> inputs = kernel.shape().toList().subList(0, contractedDims);
    if (kept < 0 || !x.shape().toList().subList(kept, x.rank()).equals(inputs)) {
      throw new ShapeException(
          "a linear layer with kernel "
              + kernel.type()
              + " takes inputs whose last dims are "
              + inputs
              + ", got "
              + x.type());
    }
  }
}
