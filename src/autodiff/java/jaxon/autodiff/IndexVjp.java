package jaxon.autodiff;

import static jaxon.autodiff.VjpRules.some;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import jaxon.graph.op.IndexOp;
import jaxon.graph.op.IndexOp.Combiner;
import jaxon.graph.op.IndexOp.Gather;
import jaxon.graph.op.IndexOp.GatherDims;
import jaxon.graph.op.IndexOp.Scatter;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Ops;
import jaxon.graph.trace.Tracer;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.Shape;
import jaxon.graph.type.TensorType;
import org.jspecify.annotations.Nullable;

/// Rules of the ops whose element positions are data.
final class IndexVjp {
  private IndexVjp() {}

  static List<@Nullable Array> apply(IndexOp op, VjpContext c) {
    return switch (op) {
      case IndexOp.DynamicSlice _ -> {
        List<@Nullable Array> all = Linearization.none(c.equation());
        all.set(0, Ops.dynamicUpdateSlice(c.zeros(0), c.cotangent(), starts(c, 1)));
        yield all;
      }
      case IndexOp.DynamicUpdateSlice _ -> dynamicUpdateSlice(c);
      case Gather gather -> {
        Array indices = clampedIndices(gather.dims(), gather.sliceSizes(), c);
        yield some(
            emit(new Scatter(gather.dims(), Combiner.ADD), c.zeros(0), indices, c.cotangent()),
            null);
      }
      case Scatter scatter -> scatter(scatter, c);
      case IndexOp.Sort sort -> sort(sort, c);
    };
  }

  private static Array emit(IndexOp op, Array... operands) {
    return Tracer.current().emit(op, List.of(operands), List.of()).getFirst();
  }

  private static List<Array> starts(VjpContext c, int from) {
    return IntStream.range(from, c.equation().inputs().size()).mapToObj(c::in).toList();
  }

  private static List<@Nullable Array> dynamicUpdateSlice(VjpContext c) {
    List<@Nullable Array> all = Linearization.none(c.equation());
    List<Array> starts = starts(c, 2);
    if (c.wants(0)) {
      all.set(0, Ops.dynamicUpdateSlice(c.cotangent(), c.zeros(1), starts));
    }
    if (c.wants(1)) {
      all.set(1, Ops.dynamicSlice(c.cotangent(), starts, c.type(1).shape()));
    }
    return all;
  }

  /// The indices as a gather clamps them; a scatter would skip windows that do not fit.
  private static Array clampedIndices(GatherDims dims, List<Long> sizes, VjpContext c) {
    Array indices = c.in(1);
    Shape operand = c.type(0).shape();
    long[] last =
        dims.startIndexMap().stream().mapToLong(dim -> operand.dim(dim) - sizes.get(dim)).toArray();
    TensorType vector = TensorType.of(indices.dtype(), last.length);
    Array max = Ops.constant(Literal.generateLongs(vector, i -> last[(int) i]));
    boolean implicit = dims.indexVectorDim() == indices.rank();
    Array limit =
        implicit
            ? max.reshape().broadcastTo(indices.shape())
            : max.broadcastInDim(indices.shape(), dims.indexVectorDim());
    return Ops.clamp(Ops.constant(indices.dtype(), 0), indices, limit);
  }

  private static List<@Nullable Array> scatter(Scatter op, VjpContext c) {
    return switch (op.combiner()) {
      case ADD -> some(c.cotangent(), null, c.wants(2) ? gatherUpdates(op, c) : null);
      case SET -> scatterSet(op, c);
    };
  }

  /// The cotangent's windows at the scattered places; zero for windows that were skipped.
  private static Array gatherUpdates(Scatter op, VjpContext c) {
    List<Long> sizes = windowSizes(op.dims(), c);
    Array windows = emit(new Gather(op.dims(), sizes), c.cotangent(), c.in(1));
    Array fits = c.in(1).eq(clampedIndices(op.dims(), sizes, c));
    int vectorDim = op.dims().indexVectorDim();
    Array fitsAll = vectorDim == fits.rank() ? fits : fits.all(vectorDim);
    int[] batchDims =
        IntStream.range(0, windows.rank())
            .filter(dim -> !op.dims().offsetDims().contains(dim))
            .toArray();
    Array mask = fitsAll.broadcastInDim(windows.shape(), batchDims);
    return mask.select(windows, Ops.constant(windows.dtype(), 0));
  }

  private static List<Long> windowSizes(GatherDims dims, VjpContext c) {
    Shape updates = c.type(2).shape();
    List<Long> sizes = new ArrayList<>();
    int next = 0;
    for (int dim = 0; dim < c.type(0).shape().rank(); dim++) {
      boolean removed =
          dims.collapsedSliceDims().contains(dim) || dims.operandBatchingDims().contains(dim);
      sizes.add(removed ? 1L : updates.dim(dims.offsetDims().get(next++)));
    }
    return sizes;
  }

  /// Scatters the number of each update element, to see which element of which update was left in
  /// each place.
  private static List<@Nullable Array> scatterSet(Scatter op, VjpContext c) {
    Array ct = c.cotangent();
    TensorType numbers = TensorType.of(DType.I32, c.type(2).shape().elements());
    Array number = Ops.iota(numbers, 0).reshape(c.type(2).shape());
    Array none = Ops.full(c.type(0).withDType(DType.I32), -1);
    Array winner = emit(op, none, c.in(1), number);
    Array zero = Ops.constant(ct.dtype(), 0);
    Array dUpdates = null;
    if (c.wants(2)) {
      List<Long> sizes = windowSizes(op.dims(), c);
      Array placed = emit(new Gather(op.dims(), sizes), winner, c.in(1));
      Array windows = emit(new Gather(op.dims(), sizes), ct, c.in(1));
      dUpdates = placed.eq(number).select(windows, zero);
    }
    return some(winner.eq(none).select(ct, zero), null, dUpdates);
  }

  /// Sorts the positions along, then sends each cotangent back to its position by sorting by them.
  private static List<@Nullable Array> sort(IndexOp.Sort op, VjpContext c) {
    TensorType positions = c.type(0).withDType(DType.I32);
    List<Array> forward =
        Ops.sort(op.dim(), op.descending(), List.of(c.in(0), Ops.iota(positions, op.dim())));
    Array from = forward.get(1);
    List<@Nullable Array> all = Linearization.none(c.equation());
    for (int i = 0; i < all.size(); i++) {
      if (c.wants(i)) {
        all.set(i, Ops.sort(op.dim(), false, List.of(from, c.cotangentOrZeros(i))).get(1));
      }
    }
    return all;
  }
}
