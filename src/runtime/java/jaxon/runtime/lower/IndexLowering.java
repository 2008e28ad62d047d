package jaxon.runtime.lower;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import jaxon.graph.Equation;
import jaxon.graph.Var;
import jaxon.graph.op.IndexOp;
import jaxon.graph.op.IndexOp.Combiner;
import jaxon.graph.op.IndexOp.GatherDims;
import jaxon.graph.type.DType;
import jaxon.graph.type.Shape;
import jaxon.graph.type.TensorType;
import jaxon.runtime.host.HostMemory;
import jaxon.runtime.kernel.CopyKernel;
import jaxon.runtime.kernel.GatherKernel;
import jaxon.runtime.kernel.ScatterKernel;
import jaxon.runtime.program.Action;
import jaxon.runtime.program.InPlace;
import jaxon.runtime.program.Kernel;
import jaxon.runtime.program.Linkage;
import jaxon.runtime.program.Tensor;
import jaxon.runtime.program.View;

/// Ops whose element positions are data: block copies at positions read when the program runs.
/// Sorting is left to the interpreter.
final class IndexLowering {
  private IndexLowering() {}

  static void lower(Lowering lowering, Equation equation, IndexOp op) {
    List<View> operands = lowering.operands(equation);
    List<TensorType> types = equation.outputs().stream().map(Var::type).toList();
    List<View> results =
        types.getFirst().shape().elements() == 0
            ? types.stream().map(lowering::empty).toList()
            : apply(lowering, op, operands, types);
    for (int i = 0; i < results.size(); i++) {
      lowering.define(equation.outputs().get(i), results.get(i));
    }
  }

  private static List<View> apply(
      Lowering lowering, IndexOp op, List<View> operands, List<TensorType> types) {
    TensorType type = types.getFirst();
    return switch (op) {
      case IndexOp.DynamicSlice _ -> List.of(dynamicSlice(lowering, operands, type));
      case IndexOp.DynamicUpdateSlice _ -> List.of(dynamicUpdateSlice(lowering, operands, type));
      case IndexOp.Gather gather -> List.of(gather(lowering, gather.dims(), operands, type));
      case IndexOp.Scatter scatter -> List.of(scatter(lowering, scatter, operands, type));
      case IndexOp.Sort sort -> Fallback.all(lowering, sort, operands, types);
    };
  }

  private static View dynamicSlice(Lowering lowering, List<View> operands, TensorType type) {
    View x = operands.getFirst();
    List<View> starts = operands.subList(1, operands.size());
    View window = x.window(Collections.nCopies(x.shape().rank(), 0L), type.shape().toList());
    View z = lowering.fresh(type);
    lowering.emit(
        operands,
        z,
        linkage -> {
          Starts at = new Starts(linkage.tensors(starts), x, window.shape());
          CopyKernel copy = CopyKernel.link(linkage, window, z);
          return () -> copy.run(at.bytes(), 0);
        });
    return z;
  }

  private static View dynamicUpdateSlice(Lowering lowering, List<View> operands, TensorType type) {
    View x = operands.get(0);
    View update = operands.get(1);
    List<View> starts = operands.subList(2, operands.size());
    View z = lowering.fresh(type);
    View window = z.window(Collections.nCopies(z.shape().rank(), 0L), update.shape().toList());
    lowering.emit(
        Action.of(
            operands,
            z,
            onlyFirst(operands, z),
            linkage -> {
              Starts at = new Starts(linkage.tensors(starts), z, update.shape());
              Kernel base = copyUnlessSame(linkage, x, z);
              CopyKernel copy = CopyKernel.link(linkage, update, window);
              return () -> {
                long offset = at.bytes();
                base.run();
                copy.run(0, offset);
              };
            }));
    return z;
  }

  private static View gather(
      Lowering lowering, GatherDims dims, List<View> operands, TensorType type) {
    View x = operands.get(0);
    View indices = lowering.dense(operands.get(1));
    View z = lowering.fresh(type);
    lowering.emit(
        List.of(x, indices), z, linkage -> GatherKernel.link(linkage, dims, x, indices, z));
    return z;
  }

  private static View scatter(
      Lowering lowering, IndexOp.Scatter op, List<View> operands, TensorType type) {
    View x = operands.get(0);
    View updates = operands.get(2);
    if (updates.elements() == 0) {
      return x;
    }
    if (op.combiner() == Combiner.ADD) {
      if (type.dtype() == DType.BF16 || type.dtype() == DType.F16) {
        List<View> wide = List.of(lowering.widened(x), operands.get(1), lowering.widened(updates));
        View sum = scatter(lowering, op, wide, type.withDType(DType.F32));
        return lowering.converted(sum, type.dtype());
      }
      if (!ScatterKernel.adds(type.dtype())) {
        return Fallback.one(lowering, op, operands, type);
      }
    }
    View indices = lowering.dense(operands.get(1));
    View source = lowering.dense(updates);
    View z = lowering.fresh(type);
    List<View> reads = List.of(x, indices, source);
    lowering.emit(
        Action.of(
            reads,
            z,
            onlyFirst(reads, z),
            linkage ->
                ScatterKernel.link(
                    linkage, op, copyUnlessSame(linkage, x, z), List.of(z, indices, source))));
    return z;
  }

  /// The first operand, if the result may be put over it.
  private static List<Integer> onlyFirst(List<View> reads, View result) {
    return InPlace.of(reads, result).contains(0) ? List.of(0) : List.of();
  }

  /// Copies `source` to the dense `target` unless the memory plan put one over the other.
  private static Kernel copyUnlessSame(Linkage linkage, View source, View target) {
    Kernel copy = CopyKernel.link(linkage, source, target);
    Tensor from = linkage.tensor(source);
    Tensor to = linkage.tensor(target);
    return () -> {
      if (from.address() != to.address() || !source.isDense()) {
        copy.run();
      }
    };
  }

  /// The scalar start indices of a window, clamped so that it fits.
  private static final class Starts {
    private final List<Tensor> starts;
    private final List<Long> last = new ArrayList<>();
    private final List<Long> byteStrides = new ArrayList<>();

    Starts(List<Tensor> starts, View operand, Shape window) {
      this.starts = starts;
      for (int i = 0; i < window.rank(); i++) {
        last.add(operand.dim(i) - window.dim(i));
        byteStrides.add(operand.stride(i) * operand.dtype().bytes());
      }
    }

    /// Bytes from the operand's first element to the window's.
    long bytes() {
      long bytes = 0;
      for (int i = 0; i < last.size(); i++) {
        int start = HostMemory.ALL.get(HostMemory.INT, starts.get(i).address());
        bytes += Math.clamp((long) start, 0L, last.get(i)) * byteStrides.get(i);
      }
      return bytes;
    }
  }
}
