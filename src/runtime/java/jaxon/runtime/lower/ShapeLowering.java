package jaxon.runtime.lower;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import jaxon.graph.Equation;
import jaxon.graph.op.ShapeOp;
import jaxon.graph.type.Shape;
import jaxon.graph.type.TensorType;
import jaxon.runtime.kernel.CopyKernel;
import jaxon.runtime.program.Kernel;
import jaxon.runtime.program.View;

/// Ops that move elements: views where possible, copies for the rest.
final class ShapeLowering {
  private ShapeLowering() {}

  static void lower(Lowering lowering, Equation equation, ShapeOp op) {
    View x = lowering.view(equation.inputs().getFirst());
    View result =
        switch (op) {
          case ShapeOp.BroadcastInDim broadcast -> x.broadcast(broadcast.shape(), broadcast.dims());
          case ShapeOp.Reshape reshape -> reshape(lowering, x, reshape.shape());
          case ShapeOp.Transpose transpose -> x.transposed(transpose.permutation());
          case ShapeOp.Slice slice -> x.sliced(slice.start(), slice.limit(), slice.strides());
          case ShapeOp.Reverse reverse -> x.reversed(reverse.dims());
          case ShapeOp.Pad pad ->
              pad(lowering, x, lowering.view(equation.inputs().get(1)), pad, equation);
          case ShapeOp.Concatenate concatenate ->
              concatenate(lowering, lowering.operands(equation), concatenate.dim(), equation);
        };
    lowering.define(equation.output(), result);
  }

  private static View reshape(Lowering lowering, View x, Shape shape) {
    return x.reshaped(shape).orElseGet(() -> lowering.reshapedCopy(x, shape));
  }

  private static View concatenate(Lowering lowering, List<View> parts, int dim, Equation equation) {
    TensorType type = equation.output().type();
    if (type.shape().elements() == 0) {
      return lowering.empty(type);
    }
    View result = lowering.fresh(type);
    List<View> reads = parts.stream().filter(part -> part.elements() > 0).toList();
    List<View> targets = new ArrayList<>();
    List<Long> start = new ArrayList<>(Collections.nCopies(result.shape().rank(), 0L));
    for (View part : reads) {
      targets.add(result.window(start, part.shape().toList()));
      start.set(dim, start.get(dim) + part.dim(dim));
    }
    lowering.emit(
        reads,
        result,
        linkage -> {
          List<CopyKernel> copies = new ArrayList<>();
          for (int i = 0; i < reads.size(); i++) {
            copies.add(CopyKernel.link(linkage, reads.get(i), targets.get(i)));
          }
          return () -> copies.forEach(CopyKernel::run);
        });
    return result;
  }

  /// Fills the result with the padding value, then copies what is left of the operand into it.
  private static View pad(
      Lowering lowering, View x, View value, ShapeOp.Pad pad, Equation equation) {
    TensorType type = equation.output().type();
    if (type.shape().elements() == 0) {
      return lowering.empty(type);
    }
    View result = lowering.fresh(type);
    PadWindow window = PadWindow.of(pad, x.shape(), type.shape());
    if (window.isEmpty()) {
      lowering.emit(List.of(value), result, linkage -> CopyKernel.fill(linkage, value, result));
      return result;
    }
    View source = window.source(x);
    View target = window.target(result);
    lowering.emit(
        List.of(source, value),
        result,
        linkage -> {
          Kernel fill = CopyKernel.fill(linkage, value, result);
          Kernel copy = CopyKernel.link(linkage, source, target);
          return () -> {
            fill.run();
            copy.run();
          };
        });
    return result;
  }
}
