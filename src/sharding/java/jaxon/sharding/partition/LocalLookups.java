package jaxon.sharding.partition;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import jaxon.graph.Equation;
import jaxon.graph.Var;
import jaxon.graph.op.BinaryOp;
import jaxon.graph.op.ElementwiseOp;
import jaxon.graph.op.IndexOp;
import jaxon.graph.op.IndexOp.GatherDims;
import jaxon.graph.op.ReduceOp;
import jaxon.graph.op.ShapeOp;
import jaxon.graph.type.DType;
import jaxon.graph.type.Shape;
import jaxon.sharding.DimSharding;
import jaxon.sharding.TensorSharding;
import jaxon.sharding.rule.GatherShardingRules;

/// Gather and scatter where the indexed dim of the table is cut: indices are shifted to the block.
final class LocalLookups {
  private final Emitter emitter;

  LocalLookups(Emitter emitter) {
    this.emitter = emitter;
  }

  /// The windows found in this device's block; zeros for those in other blocks.
  Var gather(IndexOp.Gather op, Equation equation, List<Var> operands, FactorCuts cuts) {
    Var table = operands.get(0);
    Var indices = operands.get(1);
    Shape local = cuts.result(0).localShape(emitter.mesh());
    IndexOp.Gather resized = new IndexOp.Gather(op.dims(), sizes(op, table, equation));
    int looked = GatherShardingRules.indexedDim(op.dims());
    DimSharding cut = looked < 0 ? DimSharding.whole(1) : cuts.operand(0).dim(looked);
    if (cut.isWhole()) {
      return emitter.emit(resized, table, indices);
    }
    long block = table.type().shape().dim(looked);
    // An index outside the whole table means its nearest row, on the device that has it.
    Var clamped =
        emitter.emit(
            new ElementwiseOp.Clamp(),
            emitter.full(indices.type(), 0),
            indices,
            emitter.full(indices.type(), (double) (cut.size() - 1)));
    Var shifted = shifted(clamped, cut, block);
    Var found = emitter.emit(resized, table, shifted);
    Var here = here(shifted, block, op.dims(), local);
    return emitter.emit(new ElementwiseOp.Select(), here, found, emitter.full(found.type(), 0));
  }

  private Var shifted(Var indices, DimSharding cut, long block) {
    DType dtype = indices.type().dtype();
    Var offset = emitter.offset(cut.axes(), block);
    Var converted =
        dtype == DType.I32 ? offset : emitter.emit(new ElementwiseOp.Convert(dtype), offset);
    return emitter.emit(
        BinaryOp.SUBTRACT, indices, emitter.spread(converted, indices.type().shape()));
  }

  /// Which windows of the result come from this block.
  private Var here(Var shifted, long block, GatherDims dims, Shape result) {
    Var low =
        emitter.emit(
            new ElementwiseOp.Compare(ElementwiseOp.Direction.GE),
            shifted,
            emitter.full(shifted.type(), 0));
    Var high =
        emitter.emit(
            new ElementwiseOp.Compare(ElementwiseOp.Direction.LT),
            shifted,
            emitter.full(shifted.type(), (double) block));
    Var both = emitter.emit(BinaryOp.AND, low, high);
    int vector = dims.indexVectorDim();
    if (vector < shifted.type().shape().rank()) {
      both = emitter.emit(new ReduceOp.Reduce(ReduceOp.Kind.AND, List.of(vector)), both);
    }
    List<Integer> batch =
        IntStream.range(0, result.rank())
            .filter(dim -> !dims.offsetDims().contains(dim))
            .boxed()
            .toList();
    return emitter.emit(new ShapeOp.BroadcastInDim(result, batch), both);
  }

  /// Windows cover what they covered: dims of the table that they had whole are whole again.
  private static List<Long> sizes(IndexOp.Gather op, Var table, Equation equation) {
    Shape global = equation.inputs().get(0).type().shape();
    List<Long> sizes = new ArrayList<>(op.sliceSizes());
    for (int dim = 0; dim < sizes.size(); dim++) {
      boolean removed =
          op.dims().collapsedSliceDims().contains(dim)
              || op.dims().operandBatchingDims().contains(dim);
      if (!removed && sizes.get(dim) == global.dim(dim)) {
        sizes.set(dim, table.type().shape().dim(dim));
      }
    }
    return sizes;
  }

  /// The table with the updates that fall into this block; a scatter skips the others by itself.
  Var scatter(IndexOp.Scatter op, Equation equation, List<Var> operands, FactorCuts cuts) {
    Var table = operands.get(0);
    Var indices = operands.get(1);
    int looked = GatherShardingRules.indexedDim(op.dims());
    TensorSharding tableCut = cuts.result(0);
    if (looked >= 0 && !tableCut.dim(looked).isWhole()) {
      indices = shifted(indices, tableCut.dim(looked), table.type().shape().dim(looked));
    }
    List<String> summed = cuts.foldedAxes();
    if (!summed.isEmpty()) {
      table = emitter.onFirst(table, summed);
    }
    return emitter.emit(op, table, indices, operands.get(2));
  }
}
