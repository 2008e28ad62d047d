package jaxon.graph.trace;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import jaxon.graph.op.AnnotationOp;
import jaxon.graph.op.ContractOp;
import jaxon.graph.op.ElementwiseOp;
import jaxon.graph.op.IndexOp;
import jaxon.graph.op.Op;
import jaxon.graph.op.ShapeOp;
import jaxon.graph.op.SourceOp;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.Shape;
import jaxon.graph.type.TensorType;

/// Operations that are not naturally a method of one [Array].
public final class Ops {
  private Ops() {}

  /// A scalar constant.
  public static Array constant(DType dtype, double value) {
    return constant(Literal.splat(TensorType.of(dtype), value));
  }

  public static Array constant(Literal value) {
    return Array.apply(new SourceOp.Constant(value));
  }

  /// A tensor of one repeated value.
  public static Array full(TensorType type, double value) {
    return constant(type.dtype(), value).broadcastTo(type.shape());
  }

  public static Array zeros(TensorType type) {
    return full(type, 0);
  }

  /// Each element is its index along `dim`.
  public static Array iota(TensorType type, int dim) {
    return Array.apply(new SourceOp.Iota(type, type.shape().dimIndex(dim)));
  }

  /// `0, 1, …, size - 1`.
  public static Array arange(DType dtype, long size) {
    return iota(TensorType.of(dtype, size), 0);
  }

  public static Array concatenate(int dim, List<Array> operands) {
    int resolved = operands.getFirst().shape().dimIndex(dim);
    return emit(new ShapeOp.Concatenate(resolved), operands);
  }

  /// Stacks equal types along a new leading dim.
  public static Array stack(List<Array> operands) {
    return concatenate(0, operands.stream().map(array -> array.expandDims(0)).toList());
  }

  /// `value` before (`low`) and after (`high`) the elements of one dim.
  public static Array pad(Array operand, int dim, long low, long high, double value) {
    int at = operand.shape().dimIndex(dim);
    List<Long> zeros = Collections.nCopies(operand.rank(), 0L);
    List<Long> lows = new ArrayList<>(zeros);
    List<Long> highs = new ArrayList<>(zeros);
    lows.set(at, low);
    highs.set(at, high);
    Array fill = constant(operand.dtype(), value);
    return Array.apply(new ShapeOp.Pad(lows, highs, zeros), operand, fill);
  }

  /// minimum(maximum(x, min), max) with bounds broadcast to x.
  public static Array clamp(Array min, Array x, Array max) {
    return Array.apply(
        new ElementwiseOp.Clamp(), min.broadcastTo(x.shape()), x, max.broadcastTo(x.shape()));
  }

  /// StableHLO's dot_general; the result dims are batch, lhs free, rhs free.
  public static Array dotGeneral(
      Array lhs,
      Array rhs,
      List<Integer> lhsBatch,
      List<Integer> rhsBatch,
      List<Integer> lhsContract,
      List<Integer> rhsContract,
      DType result) {
    return Array.apply(
        new ContractOp.DotGeneral(lhsBatch, rhsBatch, lhsContract, rhsContract, result), lhs, rhs);
  }

  /// Contracts the last dim of `lhs` with the first of `rhs`; the result has the operands' dtype.
  public static Array dot(Array lhs, Array rhs) {
    return dotGeneral(
        lhs, rhs, List.of(), List.of(), List.of(lhs.rank() - 1), List.of(0), lhs.dtype());
  }

  /// Einstein summation of two operands, for example `einsum("btd,dhk->bthk", x, kernel)`.
  public static Array einsum(String spec, Array lhs, Array rhs) {
    return Einsum.parse(spec).apply(lhs, rhs, lhs.dtype());
  }

  /// Einstein summation with the result in another dtype than the operands, as for float32
  /// accumulation.
  public static Array einsum(String spec, Array lhs, Array rhs, DType result) {
    return Einsum.parse(spec).apply(lhs, rhs, result);
  }

  /// Rows `indices` of `table` (dim 0): result shape is the indices' shape, then the row's.
  public static Array take(Array table, Array indices) {
    int rank = indices.rank();
    List<Integer> offsets = IntStream.range(rank, rank + table.rank() - 1).boxed().toList();
    List<Long> sizes = table.shape().with(0, 1).toList();
    IndexOp.GatherDims dims =
        new IndexOp.GatherDims(offsets, List.of(0), List.of(), List.of(), List.of(0), rank);
    return Array.apply(new IndexOp.Gather(dims, sizes), table, indices);
  }

  /// `operand[..., indices[...]]`: one element of the last dim for each index; indices have the
  /// operand's leading shape.
  public static Array takeAlongLast(Array operand, Array indices) {
    int leading = operand.rank() - 1;
    List<Integer> batch = IntStream.range(0, leading).boxed().toList();
    IndexOp.GatherDims dims =
        new IndexOp.GatherDims(
            List.of(), List.of(leading), batch, batch, List.of(leading), indices.rank());
    List<Long> sizes = Collections.nCopies(operand.rank(), 1L);
    return Array.apply(new IndexOp.Gather(dims, sizes), operand, indices);
  }

  /// A window of `sizes` at scalar `i32` starts, clamped so that it fits.
  public static Array dynamicSlice(Array operand, List<Array> starts, Shape sizes) {
    List<Array> operands = new ArrayList<>(List.of(operand));
    operands.addAll(starts);
    return emit(new IndexOp.DynamicSlice(sizes.toList()), operands);
  }

  /// `operand` with the window at scalar `i32` starts, clamped so that it fits, replaced by
  /// `update`.
  public static Array dynamicUpdateSlice(Array operand, Array update, List<Array> starts) {
    List<Array> operands = new ArrayList<>(List.of(operand, update));
    operands.addAll(starts);
    return emit(new IndexOp.DynamicUpdateSlice(), operands);
  }

  /// Sorts `operands` together along `dim` by the first; stable.
  public static List<Array> sort(int dim, boolean descending, List<Array> operands) {
    int resolved = operands.getFirst().shape().dimIndex(dim);
    return Tracer.current().emit(new IndexOp.Sort(resolved, descending), operands, List.of());
  }

  /// Index (`i32`) of the first largest element along `dim`.
  public static Array argmax(Array operand, int dim) {
    int at = operand.shape().dimIndex(dim);
    Array largest = operand.maxOver(at).expandDims(at);
    Array index = iota(operand.type().withDType(DType.I32), at);
    Array none = constant(DType.I32, (double) operand.dim(at));
    return operand.eq(largest).select(index, none).minOver(at);
  }

  /// All operands unchanged, with nothing merged or moved across.
  public static List<Array> optimizationBarrier(List<Array> operands) {
    return Tracer.current().emit(new AnnotationOp.OptimizationBarrier(), operands, List.of());
  }

  /// log(sum(exp(x))) over the last dim, which stays with size 1; shifted by the maximum.
  public static Array logSumExp(Array x) {
    Array max = x.maxOver(-1).expandDims(-1).stopGradient();
    return x.sub(max).exp().sum(-1).expandDims(-1).log().add(max);
  }

  private static Array emit(Op op, List<Array> operands) {
    return Tracer.current().emit(op, operands, List.of()).getFirst();
  }
}
